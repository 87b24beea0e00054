package io.holdfast.restore.rule;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about one execution.
 *
 * @param fromStatus its status in the snapshot
 * @param scheduledFor null where it had no time
 * @param text what was logged and stands as its error; null where nothing has to be said
 * @param knownBefore whether the state that was replaced said the same of it: then nobody is told again
 */
public record Decision(
        String tenantName,
        String executionId,
        String workflowId,
        String fromStatus,
        Fate fate,
        @Nullable Instant scheduledFor,
        @Nullable String text,
        boolean knownBefore) {

    public Decision {
        Objects.requireNonNull(tenantName);
        Objects.requireNonNull(executionId);
        Objects.requireNonNull(workflowId);
        Objects.requireNonNull(fromStatus);
        Objects.requireNonNull(fate);
    }
}
