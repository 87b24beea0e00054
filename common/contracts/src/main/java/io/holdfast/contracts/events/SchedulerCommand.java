package io.holdfast.contracts.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What other services ask of the scheduler-service. */
public sealed interface SchedulerCommand extends Event {

    /** Put a pending scheduled execution back on the queue after a restore. Refused when {@code epoch} is lower than the highest seen. */
    record ScheduleExecution(String executionId, String tenantName, Instant scheduledFor, long epoch)
            implements SchedulerCommand {
        public static final String TYPE = "scheduler.execution.schedule.v1";

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

        @Override
        public String exchange() {
            return COMMANDS;
        }

        @Override
        public String routingKey() {
            return "scheduler.execution.schedule";
        }
    }

    /** A worker reports what became of a started execution. {@code status} is {@code started}, {@code terminated}, {@code failed} or {@code cancelled}. */
    record RecordWorkflowOutcome(
            String executionId,
            String tenantName,
            String status,
            @Nullable String error,
            String token,
            long epoch,
            Instant at)
            implements SchedulerCommand {
        public static final String TYPE = "scheduler.execution.outcome.v1";

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

        @Override
        public String exchange() {
            return COMMANDS;
        }

        @Override
        public String routingKey() {
            return "scheduler.execution.outcome";
        }
    }
}
