package io.holdfast.cluster.maintenance;

import org.jspecify.annotations.Nullable;

/** An execution that has not ended. */
public record UnfinishedExecution(
        String id,
        String status,
        @Nullable String deploymentId,
        @Nullable String workflowId) {

    private static final String SCHEDULED = "scheduled";

    /**
     * Whether maintenance waits for it. One that only waits for its time does not count: it may be months away, and while the gate is
     * closed the scheduler starts nothing (ADR-0006).
     */
    public boolean delaysMaintenance() {
        return !SCHEDULED.equals(status);
    }
}
