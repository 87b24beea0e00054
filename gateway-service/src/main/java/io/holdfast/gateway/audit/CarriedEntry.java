package io.holdfast.gateway.audit;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An entry of another log, such as that of the manager that this one takes over from.
 *
 * @param refId as that log has it: the existing product counts rows of its tables
 * @param refIdentifier a JSON object of what identifies the thing, null for nothing
 * @param tenant the one that it names, null for none
 */
public record CarriedEntry(
        String operation,
        String refTable,
        String refId,
        @Nullable String refIdentifier,
        @Nullable String tenant,
        @Nullable String creator,
        @Nullable String executionId,
        Instant createdAt) {

    public static final Set<String> OPERATIONS = Set.of("create", "update", "delete");

    public CarriedEntry {
        Objects.requireNonNull(refTable);
        Objects.requireNonNull(refId);
        Objects.requireNonNull(createdAt);
        if (!OPERATIONS.contains(operation)) {
            throw new IllegalArgumentException("operation must be one of " + OPERATIONS + ": " + operation);
        }
    }
}
