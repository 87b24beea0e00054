package io.holdfast.contracts.events;

import java.time.Instant;
import java.util.List;
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

    /**
     * A restore found schedules whose occurrences had passed: they wait, with {@code missed_until}, for what their catch-up policy makes of
     * what they missed. Refused when {@code epoch} is lower than the highest seen.
     *
     * @param t0 the instant of the restore; occurrences up to it were missed
     */
    record RestoreSchedules(String restoreId, long epoch, Instant t0) implements SchedulerCommand {
        public static final String TYPE = "scheduler.schedule.catchup.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return restoreId;
        }

        @Override
        public @Nullable String tenant() {
            return null;
        }

        @Override
        public String exchange() {
            return COMMANDS;
        }

        @Override
        public String routingKey() {
            return "scheduler.schedule.catchup";
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

    /** A worker still runs the execution. Silence longer than the scheduler's lease means that it is lost. */
    record RecordHeartbeat(String executionId, String tenantName, String token, long epoch, Instant at)
            implements SchedulerCommand {
        public static final String TYPE = "scheduler.execution.heartbeat.v1";

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
            return "scheduler.execution.heartbeat";
        }
    }

    /**
     * Events and logs of an execution for the journal, from a worker that has no other way to write them.
     *
     * @param entries in the order in which they happened; at most 1,000
     */
    record RecordEvents(String executionId, String tenantName, List<Entry> entries) implements SchedulerCommand {
        public static final String TYPE = "scheduler.events.record.v1";

        public RecordEvents {
            entries = List.copyOf(entries);
        }

        /**
         * One line of the journal.
         *
         * @param kind {@code cloudify_event} or {@code cloudify_log}
         * @param eventType for events, such as {@code task_started}
         * @param level for logs, such as {@code info}
         */
        public record Entry(
                String kind,
                Instant at,
                @Nullable String eventType,
                @Nullable String logger,
                @Nullable String level,
                String message,
                @Nullable String nodeInstanceId,
                @Nullable String nodeName,
                @Nullable String operation) {}

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
            return "scheduler.events.record";
        }
    }
}
