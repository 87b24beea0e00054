package io.holdfast.scheduler.schedules;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was decided on an occurrence.
 *
 * @param reason for machines; null where it started in time
 * @param detail for people
 * @param latenessMillis null for what did not start
 */
public record ScheduleRun(
        Instant occurrence,
        Outcome outcome,
        @Nullable String reason,
        @Nullable String detail,
        @Nullable String executionId,
        boolean backfill,
        @Nullable Long latenessMillis,
        Instant decidedAt) {

    /** STARTED: an execution was made for it. QUEUED: one that waits for another. */
    public enum Outcome {
        STARTED,
        QUEUED,
        SKIPPED,
        MISSED,
        FAILED;

        /** @throws io.holdfast.contracts.errors.ManagerException BAD_PARAMETERS for an unknown name */
        public static Outcome of(String name) {
            return DstPolicy.named("outcome", values(), name);
        }
    }
}
