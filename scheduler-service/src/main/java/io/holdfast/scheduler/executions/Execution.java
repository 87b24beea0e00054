package io.holdfast.scheduler.executions;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of a workflow, past, present or future.
 *
 * @param deploymentId null for system workflows
 * @param parameters merged with the workflow's declared defaults when it was submitted
 * @param error null where there is none
 * @param scheduledFor when it is due; null for one that was to run at once
 * @param dispatchToken fences the worker that holds it; null: nobody does
 * @param restoreEpoch the restore that it came through last
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
        long restoreEpoch) {}
