package io.holdfast.contracts.requests;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of an external producer. Fields may be added within a version, and unknown ones are ignored; anything else is a new
 * version with a new wire name. The rules of each are in its JSON Schema, {@code <wire name>.json} beside this class. What is not
 * here cannot be asked for over the broker: a restore in particular, which replaces the whole manager.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Request {

    /** Wire name with major version: the message's {@code type}. */
    @JsonIgnore
    String type();

    /**
     * Runs a workflow of a deployment, now or at a time.
     *
     * @param deployment id of the deployment
     * @param scheduledTime ISO 8601 with an offset, or the manager API's {@code YYYYMMDDHHMM+HHMM}; null: now
     * @param queue waits its turn where the deployment is busy, instead of being refused
     * @param priority 0 (last) to 9 (first); null: the ordinary one
     * @param follow also tells when the execution has started and how it ended, as {@link Reply.Progress}
     */
    record StartExecution(
            String deployment,
            String workflow,
            @Nullable Map<String, Object> parameters,

            @JsonProperty("allow_custom_parameters") @Nullable
            Boolean allowCustomParameters,

            @JsonProperty("scheduled_time") @Nullable String scheduledTime,
            @Nullable Boolean queue,
            @Nullable Boolean force,
            @JsonProperty("dry_run") @Nullable Boolean dryRun,
            @Nullable Integer priority,
            @Nullable Boolean follow)
            implements Request {
        public static final String TYPE = "request.execution.start.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /** Ends an execution. {@code mode} is {@code cancel} (also where null), {@code force-cancel} or {@code kill}. */
    record CancelExecution(
            @JsonProperty("execution_id") String executionId,
            @Nullable String mode) implements Request {
        public static final String TYPE = "request.execution.cancel.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /** Asks how an execution does. Changes nothing and is not remembered. */
    record GetExecution(@JsonProperty("execution_id") String executionId) implements Request {
        public static final String TYPE = "request.execution.get.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /**
     * Makes a schedule.
     *
     * @param schedule id of the schedule
     * @param definition as the body of {@code PUT /execution-schedules/{id}}: since, until, recurrence and so on
     */
    record PutSchedule(
            String schedule,
            String deployment,
            String workflow,
            @Nullable Map<String, Object> parameters,
            Map<String, Object> definition)
            implements Request {
        public static final String TYPE = "request.schedule.put.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /** Removes a schedule. */
    record DeleteSchedule(String schedule, String deployment) implements Request {
        public static final String TYPE = "request.schedule.delete.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /** Makes a snapshot of the whole manager; null flags are what {@code PUT /snapshots/{id}} takes for them. */
    record CreateSnapshot(
            String snapshot,
            @JsonProperty("include_credentials") @Nullable Boolean includeCredentials,
            @JsonProperty("include_logs") @Nullable Boolean includeLogs,
            @JsonProperty("include_events") @Nullable Boolean includeEvents,
            @Nullable Boolean queue)
            implements Request {
        public static final String TYPE = "request.snapshot.create.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }
}
