package io.holdfast.contracts.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Facts about executions. Source: scheduler-service (and the restore-service for what its restore rule decided). */
public sealed interface ExecutionEvent extends Event {

    /** A scheduled execution came through a restore and waits for its time again. */
    record Rescheduled(String executionId, String tenantName, String workflowId, Instant scheduledFor, long epoch)
            implements ExecutionEvent {
        public static final String TYPE = "execution.rescheduled.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return executionId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }

    /** A worker has taken the execution. */
    record Started(String executionId, String tenantName, String workflowId, Instant startedAt)
            implements ExecutionEvent {
        public static final String TYPE = "execution.started.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return executionId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }

    /** The execution ended as {@code terminated}. */
    record Succeeded(String executionId, String tenantName, String workflowId, Instant endedAt)
            implements ExecutionEvent {
        public static final String TYPE = "execution.succeeded.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return executionId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }

    /** The execution ended as {@code failed}. {@code reasonCode} is for machines (OVERDUE_AT_RESTORE, INVALID_SCHEDULE, WORKFLOW_FAILED, MISSED, WORKER_LOST), {@code error} for people. */
    record Failed(
            String executionId, String tenantName, String workflowId, String reasonCode, String error, Instant endedAt)
            implements ExecutionEvent {
        public static final String TYPE = "execution.failed.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return executionId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }

    /** The execution ended as {@code cancelled}. */
    record Cancelled(
            String executionId,
            String tenantName,
            String workflowId,
            @Nullable String reason,
            Instant endedAt) implements ExecutionEvent {
        public static final String TYPE = "execution.cancelled.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return executionId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }

    /** It is due but has to wait. {@code reasonCode} is DEPLOYMENT_BUSY, CONCURRENCY_LIMIT, TENANT_LIMIT or SYSTEM_WORKFLOW. */
    record Queued(
            String executionId,
            String tenantName,
            String workflowId,
            @Nullable String deploymentId,
            String reasonCode,
            Instant queuedAt)
            implements ExecutionEvent {
        public static final String TYPE = "execution.queued.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return executionId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }

    /** It goes to a worker again, at once or in its turn. {@code reasonCode} is USER or WORKER_LOST; {@code attempt} counts from 1. */
    record Resumed(
            String executionId, String tenantName, String workflowId, String reasonCode, int attempt, Instant resumedAt)
            implements ExecutionEvent {
        public static final String TYPE = "execution.resumed.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return executionId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }
}
