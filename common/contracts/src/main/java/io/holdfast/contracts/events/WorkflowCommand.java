package io.holdfast.contracts.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the scheduler-service asks of the workflow-service. */
public sealed interface WorkflowCommand extends Event {

    /**
     * Run this execution. Its message id is the same each time it is sent for one {@code token}, so that an inbox drops what comes
     * again after a broker lost its data.
     *
     * @param resume it ran before: go on where it was left, if the workflow can
     * @param token fences: outcomes and heartbeats with another token are refused
     * @param epoch the restore that it came through last; a worker refuses one lower than it has seen
     * @param attempt how often it was handed to a worker, from 1; 0 from senders that do not say
     * @param waitAfterFail seconds that the worker lets what runs go on after an operation failed; null, and then not sent: 600
     */
    record StartExecution(
            String executionId,
            String tenantName,
            String workflowId,
            @Nullable String deploymentId,
            @Nullable String deploymentDisplayName,
            @Nullable String blueprintId,
            Map<String, Object> parameters,
            boolean dryRun,
            boolean systemWorkflow,
            boolean resume,
            @Nullable String createdBy,
            String token,
            long epoch,
            int attempt,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Integer waitAfterFail)
            implements WorkflowCommand {
        public static final String TYPE = "workflow.execution.start.v1";

        /** What counts, in seconds, where {@code waitAfterFail} is null. Source: the existing API and its workers. */
        public static final int DEFAULT_WAIT_AFTER_FAIL = 600;

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
            return "workflow.execution.start";
        }
    }

    /**
     * Stop this execution and report how it ended.
     *
     * @param mode {@code cancel}: when the workflow is ready to; {@code force-cancel}: now, with what is running; {@code kill}: the
     *     process itself
     */
    record StopExecution(String executionId, String tenantName, String mode, String token, long epoch)
            implements WorkflowCommand {
        public static final String TYPE = "workflow.execution.stop.v1";

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
            return "workflow.execution.stop";
        }
    }
}
