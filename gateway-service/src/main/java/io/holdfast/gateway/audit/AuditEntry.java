package io.holdfast.gateway.audit;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request that changes something.
 *
 * @param operation {@code create}, {@code update} or {@code delete}
 * @param refTable what kind of thing is changed: the first segment of the path, with underscores
 * @param refId the thing's id, null where the request does not name one
 * @param tenant the tenant of the request, null for none
 * @param executionId the execution on whose behalf its worker asked; null for everybody else
 * @param path below the API's prefix, without the query
 * @param address where the request came from, null where that is not known
 * @param requestId the request's correlation id, null for none
 */
public record AuditEntry(
        String operation,
        String refTable,
        @Nullable String refId,
        @Nullable String tenant,
        Who who,
        String method,
        String path,
        @Nullable String address,
        @Nullable String requestId) {

    /**
     * Who asked.
     *
     * @param authMethod how it was proved, as {@code CallerIdentity} has it
     */
    public record Who(
            String username, String authMethod, @Nullable String executionId) {
        public Who {
            Objects.requireNonNull(username);
            Objects.requireNonNull(authMethod);
        }
    }

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    /** Questions that need a body, and what workers write by the thousand while they do what somebody else has asked for. */
    private static final Set<String> NO_CHANGES =
            Set.of("searches", "evaluate", "events", "operations", "tasks_graphs");

    /** What is there before anybody puts it. */
    private static final Set<String> CHANGED_BY_PUT = Set.of("config", "managers", "brokers");

    /** What a POST to its own path makes; to others it changes them. */
    private static final Set<String> MADE_BY_POST = Set.of("tenants");

    /** Actions on collections, which stand where an id would. */
    private static final Set<String> NO_IDS =
            Set.of("users", "user-groups", "active", "unlock", "share", "import", "inter-deployment-dependencies");

    /** Below it are a kind of things, a tenant, an id, and a file: the thing is changed, whatever becomes of the file. */
    private static final String FILE_SERVER = "resources";

    private static final List<String> RESTORE_OF_DEPENDENCIES =
            List.of("deployments", "inter-deployment-dependencies", "restore");

    /** Whether requests of this method may change something: of the others there is no entry. @param method upper case */
    public static boolean mayChange(String method) {
        return !READING.contains(method);
    }

    public AuditEntry {
        Objects.requireNonNull(operation);
        Objects.requireNonNull(refTable);
        Objects.requireNonNull(who);
        Objects.requireNonNull(method);
        Objects.requireNonNull(path);
    }

    /**
     * Empty where the request changes nothing.
     *
     * @param method upper case
     * @param segments the decoded path below the API's prefix, at least one
     */
    public static Optional<AuditEntry> of(
            String method,
            List<String> segments,
            @Nullable String tenant,
            Who who,
            @Nullable String address,
            @Nullable String requestId) {
        String first = segments.get(0);
        if (!mayChange(method) || NO_CHANGES.contains(first)) {
            return Optional.empty();
        }
        boolean file = first.equals(FILE_SERVER) && segments.size() >= 4;
        String id = file ? segments.get(3) : idIn(segments);
        return Optional.of(new AuditEntry(
                file ? "update" : operation(method, first, id),
                first.equals("audit") ? "audit_log" : tableOf(file ? segments.get(1) : first),
                id,
                tenant,
                who,
                method,
                String.join("/", segments),
                address,
                requestId));
    }

    private static @Nullable String idIn(List<String> segments) {
        return segments.equals(RESTORE_OF_DEPENDENCIES)
                ? null
                : segments.stream()
                        .skip(1)
                        .filter(segment -> !NO_IDS.contains(segment))
                        .findFirst()
                        .orElse(null);
    }

    private static String tableOf(String kind) {
        return kind.replace('-', '_').toLowerCase(Locale.ROOT);
    }

    private static String operation(String method, String first, @Nullable String id) {
        return switch (method) {
            case "DELETE" -> "delete";
            case "PATCH" -> "update";
            case "POST" -> id == null || MADE_BY_POST.contains(first) ? "create" : "update";
            default -> CHANGED_BY_PUT.contains(first) ? "update" : "create";
        };
    }
}
