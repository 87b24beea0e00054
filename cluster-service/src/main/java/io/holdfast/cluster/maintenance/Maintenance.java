package io.holdfast.cluster.maintenance;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gate with what it waits for.
 *
 * @param remaining executions that maintenance waits for; null while it is not activating, or while they cannot be known
 */
public record Maintenance(GateState state, @Nullable List<UnfinishedExecution> remaining) {

    public Maintenance {
        remaining = remaining == null ? null : List.copyOf(remaining);
    }
}
