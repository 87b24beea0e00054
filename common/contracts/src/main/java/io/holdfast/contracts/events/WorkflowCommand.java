package io.holdfast.contracts.events;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the scheduler-service asks of the workflow-service. */
public sealed interface WorkflowCommand extends Event {

    /** Run this execution. {@code token} fences: an outcome with an older token is refused. */
    record StartExecution(
            String executionId,
            String tenantName,
            String workflowId,
            @Nullable String deploymentId,
            Map<String, Object> parameters,
            boolean dryRun,
            String token,
            long epoch)
            implements WorkflowCommand {
        public static final String TYPE = "workflow.execution.start.v1";

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
}
