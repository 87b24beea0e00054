package io.holdfast.scheduler.executions;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What submitting needs to know of a deployment.
 *
 * @param tenantName of the deployment itself: a global one is seen in all tenants
 * @param visibility {@code private}, {@code tenant} or {@code global}; its executions have the same
 * @param createExecutionId of the execution that made it; null: not known
 * @param workflows declared parameters of each workflow, by its name
 */
public record DeploymentFacts(
        String tenantName,
        String id,
        String visibility,
        @Nullable String displayName,
        @Nullable String blueprintId,
        @Nullable String createExecutionId,
        Map<String, Workflow> workflows) {

    public DeploymentFacts {
        workflows = Map.copyOf(workflows);
    }

    /**
     * @param parameters name to its declaration, in the order declared: {@code type}, {@code default}, {@code required}, ...
     * @param available false where availability rules exclude it now
     * @param cascading what starts it starts it in the deployments of its components too
     */
    public record Workflow(
            String name, Map<String, Map<String, Object>> parameters, boolean available, boolean cascading) {

        public Workflow {
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }
    }
}
