package io.holdfast.scheduler.executions;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run of a workflow, past, present or future.
 *
 * @param deploymentId null for system workflows
 * @param parameters merged with the workflow's declared defaults when it was submitted
 * @param waitAfterFail seconds that its worker lets what runs go on after an operation failed; null: as many as are usual
 * @param error null where there is none
 * @param scheduledFor when it is due; null for one that was to run at once
 * @param dispatchToken fences the worker that holds it; null: nobody does
 * @param restoreEpoch the restore that it came through last
 * @param turn in which order and beside what it runs
 */
public record Execution(
        String tenantName,
        String id,
        String workflowId,
        @Nullable String deploymentId,
        @Nullable String deploymentDisplayName,
        @Nullable String blueprintId,
        ExecutionStatus status,
        @Nullable Map<String, Object> parameters,
        boolean systemWorkflow,
        boolean dryRun,
        boolean allowCustomParameters,
        boolean resume,
        @Nullable Integer waitAfterFail,
        @Nullable String error,
        @Nullable Integer totalOperations,
        @Nullable Integer finishedOperations,
        @Nullable Instant scheduledFor,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        String visibility,
        @Nullable String createdBy,
        @Nullable String dispatchToken,
        long restoreEpoch,
        Turn turn) {

    /** A private one is its owner's alone, and those' who see whatever is private in its tenant. */
    public boolean isVisibleTo(String username, boolean seesPrivate) {
        return seesPrivate || !visibility.equals("private") || username.equals(createdBy);
    }

    /** Whether its worker has said of operations that they are to be done and not yet that they are over. */
    public boolean hasUnfinishedOperations() {
        return totalOperations != null && totalOperations > Objects.requireNonNullElse(finishedOperations, 0);
    }

    /**
     * When it is its turn among others.
     *
     * @param priority 0 to 9; among what is due the higher goes first
     * @param concurrencyKey at most so many of the tenant's executions with one key are active as its limit says; null: no key
     * @param parallel it runs although another execution of its deployment is active
     * @param scheduleId the schedule of its deployment that made it; null: none
     * @param occurrenceAt the occurrence of that schedule
     * @param attempt how often it was handed to a worker
     */
    public record Turn(
            int priority,
            @Nullable String concurrencyKey,
            boolean parallel,
            @Nullable String scheduleId,
            @Nullable Instant occurrenceAt,
            int attempt) {

        public static final int DEFAULT_PRIORITY = 5;

        /** Of what nobody asked for anything particular. */
        public static final Turn ORDINARY = new Turn(DEFAULT_PRIORITY, null, false, null, null, 0);

        /** As it is handed to a worker once more. */
        public Turn handedOutAgain() {
            return new Turn(priority, concurrencyKey, parallel, scheduleId, occurrenceAt, attempt + 1);
        }
    }
}
