package io.holdfast.gateway.requests.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.requests.Reply;
import io.holdfast.contracts.requests.Request;
import io.holdfast.gateway.access.Account;
import io.holdfast.gateway.access.PermissionStore;
import io.holdfast.gateway.access.Permissions;
import io.holdfast.gateway.authentication.Accounts;
import io.holdfast.gateway.maintenance.GateRules;
import io.holdfast.gateway.maintenance.GateSource;
import io.holdfast.gateway.requests.Call;
import io.holdfast.gateway.requests.Producer;
import io.holdfast.gateway.requests.RequestKind;
import io.holdfast.gateway.requests.RequestLog;
import io.holdfast.gateway.requests.RequestMessage;
import io.holdfast.gateway.requests.RequestRefused;
import io.holdfast.gateway.requests.RequestSchema;
import io.holdfast.gateway.routing.ApiPath;
import io.holdfast.gateway.routing.RouteMatch;
import io.holdfast.gateway.routing.RouteTable;
import io.holdfast.http.CallerIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a message is a request that its producer may make: size, form of the message, JSON, schema, permission. Asks the
 * database about the user only; whether the request makes sense is for the owning service to say.
 */
@ApplicationScoped
public class CheckRequest {

    private static final Pattern MESSAGE_ID = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private final Map<RequestKind, RequestSchema> schemas = new EnumMap<>(RequestKind.class);
    private final RouteTable routes = RouteTable.shipped();
    private final long maxBodyBytes;
    private final Accounts accounts;
    private final PermissionStore permissions;
    private final GateSource gate;
    private final Clock clock;

    public CheckRequest(
            RequestsConfig config, Accounts accounts, PermissionStore permissions, GateSource gate, Clock clock) {
        this.maxBodyBytes = config.maxBody().asLongValue();
        this.accounts = accounts;
        this.permissions = permissions;
        this.gate = gate;
        this.clock = clock;
        for (RequestKind kind : RequestKind.values()) {
            schemas.put(kind, RequestJson.schema(kind.type()));
        }
    }

    /**
     * A request that may be carried out.
     *
     * @param expiresAt null: never
     * @param executionId of the execution that it makes, if it makes one
     */
    record Checked(
            RequestKind kind,
            Request request,
            RequestLog.Key key,
            String tenant,
            @Nullable Instant expiresAt,
            String executionId,
            Call call,
            String service,
            String internalPath,
            CallerIdentity caller) {}

    /** @throws ManagerException what to answer instead */
    Checked check(Producer producer, RequestMessage message) {
        if (message.body().length > maxBodyBytes) {
            throw new RequestRefused(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "the body has " + message.body().length + " bytes, must have at most " + maxBodyBytes,
                    null);
        }
        String messageId = messageId(message);
        RequestKind kind = kind(message.type());
        Object body = RequestJson.parse(message.body());
        List<Reply.FieldError> errors = schema(kind).errors(body);
        if (!errors.isEmpty()) {
            throw RequestRefused.invalid(errors);
        }
        Request request = RequestJson.read(body, kind.form());
        checkFollowing(request, message);
        String tenant = tenant(kind, message.routingKey());
        String executionId = executionId(producer, messageId);
        Call call = Call.of(request, executionId);
        RouteMatch.Matched matched = route(call);
        String permission = String.valueOf(matched.route().permission());
        return new Checked(
                kind,
                request,
                new RequestLog.Key(producer.clientId(), messageId),
                tenant,
                expiresAt(message),
                executionId,
                call,
                matched.route().service(),
                matched.internalPath(),
                caller(producer, tenant, permission));
    }

    static boolean wantsToFollow(Request request) {
        return request instanceof Request.StartExecution start && Boolean.TRUE.equals(start.follow());
    }

    private static void checkFollowing(Request request, RequestMessage message) {
        if (wantsToFollow(request) && message.replyTo() == null) {
            throw RequestRefused.invalid(
                    List.of(new Reply.FieldError("/follow", "is true, but the message has no reply_to to be told at")));
        }
    }

    /** @throws ManagerException while maintenance mode has it so, by the same rules as for HTTP */
    void checkGate(Checked checked) {
        GateRules.refusal(gate.read(), checked.call().method(), checked.call().path())
                .ifPresent(code -> {
                    throw new ManagerException(code, GateRules.MESSAGE, "send the same message again later");
                });
    }

    private RequestSchema schema(RequestKind kind) {
        RequestSchema schema = schemas.get(kind);
        if (schema == null) {
            throw new IllegalStateException("no schema of " + kind);
        }
        return schema;
    }

    private static String messageId(RequestMessage message) {
        String messageId = message.messageId();
        if (messageId == null || !MESSAGE_ID.matcher(messageId).matches()) {
            throw new RequestRefused(
                    ErrorCode.BAD_PARAMETERS,
                    messageId == null
                            ? "the message has no message_id"
                            : "the message_id must have 1 to 128 printable ASCII characters without spaces",
                    "set the property message_id to a key of your own for this request, the same at every try");
        }
        return messageId;
    }

    private static RequestKind kind(@Nullable String type) {
        if (type == null) {
            throw new RequestRefused(
                    ErrorCode.UNKNOWN_REQUEST_TYPE,
                    "the message has no type",
                    "set the property type, for example to " + Request.StartExecution.TYPE);
        }
        return RequestKind.find(type).orElseThrow(() -> {
            List<String> versions = RequestKind.versionsOf(type);
            return new RequestRefused(
                    ErrorCode.UNKNOWN_REQUEST_TYPE,
                    versions.isEmpty()
                            ? "there is no request of type `" + type + "`"
                            : "this version of `" + type + "` is not known here, but " + String.join(", ", versions),
                    "docs/producers.md lists the types");
        });
    }

    private static String tenant(RequestKind kind, String routingKey) {
        return kind.tenantOf(routingKey)
                .orElseThrow(() -> new RequestRefused(
                        ErrorCode.BAD_PARAMETERS,
                        "the routing key is `" + routingKey + "`, must be request.<tenant>." + kind.routingSuffix(),
                        null));
    }

    private static @Nullable Instant expiresAt(RequestMessage message) {
        try {
            return message.expiresAt();
        } catch (DateTimeException e) {
            throw new RequestRefused(
                    ErrorCode.BAD_PARAMETERS,
                    "the header deadline is `" + message.deadline() + "`, must be a time like 2026-03-13T04:00:00Z",
                    null);
        }
    }

    /** The same for the same request, whichever gateway gets it, however often: what makes a second run impossible. */
    private static String executionId(Producer producer, String messageId) {
        String name = "holdfast request\n" + producer.clientId() + "\n" + messageId;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private RouteMatch.Matched route(Call call) {
        if (call.path().stream().anyMatch(segment -> segment.equals(".") || segment.equals(".."))
                || call.path().stream()
                        .flatMapToInt(String::chars)
                        .anyMatch(c -> c < 0x20 || c == 0x7f || c == '/' || c == '\\')) {
            throw new RequestRefused(
                    ErrorCode.BAD_PARAMETERS, "an id has a slash or a control character, or is made of dots", null);
        }
        ApiPath path = new ApiPath(ApiPath.Dialect.MANAGER, call.path());
        if (routes.match(call.method(), path) instanceof RouteMatch.Matched matched) {
            return matched;
        }
        throw new IllegalStateException("no route for " + call.method() + " " + call.path());
    }

    private CallerIdentity caller(Producer producer, String tenant, String permission) {
        Accounts.ByName found = accounts.findByName(producer.username(), tenant)
                .orElseThrow(() -> new RequestRefused(
                        ErrorCode.UNAUTHORIZED,
                        "the user of producer `" + producer.clientId() + "` does not exist any more",
                        "an administrator must set the producer up again"));
        Account account = found.account();
        if (!account.active()) {
            throw new RequestRefused(
                    ErrorCode.UNAUTHORIZED, "the user `" + account.username() + "` is not active", null);
        }
        if (!producer.tenants().contains(tenant)) {
            throw new RequestRefused(
                    ErrorCode.FORBIDDEN,
                    "producer `" + producer.clientId() + "` may not send requests to the tenant `" + tenant + "`",
                    null);
        }
        Permissions table = permissions.current();
        if (!found.tenantExists() || !table.permits(account, permission, tenant)) {
            throw new RequestRefused(
                    ErrorCode.FORBIDDEN,
                    ManagerException.notPermitted(account.username(), permission, tenant)
                            .detail(),
                    null);
        }
        return new CallerIdentity(
                account.username(),
                account.isAdmin(),
                tenant,
                table.tenantsVisibleTo(account, permission).orElse(null),
                List.copyOf(account.rolesIn(tenant)),
                CallerIdentity.BROKER_USER,
                clock.instant());
    }
}
