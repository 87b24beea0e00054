package io.holdfast.contracts.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Facts about recurring schedules. Source: scheduler-service. A schedule's id is unique within its deployment. */
public sealed interface ScheduleEvent extends Event {

    /** A schedule was made, changed, paused, resumed or removed. {@code change} is CREATED, UPDATED, PAUSED, RESUMED or DELETED. */
    record Changed(
            String scheduleId,
            String deploymentId,
            String tenantName,
            String change,
            @Nullable String changedBy,
            @Nullable Instant nextOccurrence,
            Instant at)
            implements ScheduleEvent {
        public static final String TYPE = "schedule.changed.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return scheduleId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }

    /**
     * It was decided what becomes of an occurrence.
     *
     * @param outcome {@code started}, {@code queued}, {@code skipped}, {@code missed} or {@code failed}
     * @param reasonCode why, unless it simply started
     * @param executionId of the execution that it made; null: none
     */
    record Occurred(
            String scheduleId,
            String deploymentId,
            String tenantName,
            Instant occurrenceAt,
            String outcome,
            @Nullable String reasonCode,
            @Nullable String executionId,
            Instant at)
            implements ScheduleEvent {
        public static final String TYPE = "schedule.occurred.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return scheduleId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }

    /** It has no further occurrence. */
    record Completed(String scheduleId, String deploymentId, String tenantName, Instant at) implements ScheduleEvent {
        public static final String TYPE = "schedule.completed.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return scheduleId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }
}
