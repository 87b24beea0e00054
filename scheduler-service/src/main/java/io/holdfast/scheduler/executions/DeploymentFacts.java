package io.holdfast.scheduler.executions;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What submitting needs to know of a deployment.
 *
 * @param consumers ids of the deployments that need this one
 * @param workflows declared parameters of each workflow, by its name
 */
public record DeploymentFacts(
        String id,
        @Nullable String displayName,
        @Nullable String blueprintId,
        List<String> consumers,
        Map<String, Workflow> workflows) {

    public DeploymentFacts {
        consumers = List.copyOf(consumers);
        workflows = Map.copyOf(workflows);
    }

    /**
     * @param parameters name to its declaration: {@code type}, {@code default}, {@code required}, ...
     * @param available false where availability rules exclude it now
     */
    public record Workflow(String name, Map<String, Map<String, Object>> parameters, boolean available) {

        public Workflow {
            parameters = Map.copyOf(parameters);
        }
    }
}
