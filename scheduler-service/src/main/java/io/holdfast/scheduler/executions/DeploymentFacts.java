package io.holdfast.scheduler.executions;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What submitting needs to know of a deployment.
 *
 * @param tenantName of the deployment itself: a global one is seen in all tenants
 * @param visibility {@code private}, {@code tenant} or {@code global}; its executions have the same
 * @param createExecutionId of the execution that made it; null: not known
 * @param workflows declared parameters of each workflow that it declares, by its name
 */
public record DeploymentFacts(
        String tenantName,
        String id,
        String visibility,
        @Nullable String displayName,
        @Nullable String blueprintId,
        @Nullable String createExecutionId,
        Map<String, Workflow> workflows) {

    public static final String UPDATE = "update";

    /** What groups of deployments are updated by: it starts {@link #UPDATE} in its own. */
    public static final String UPDATE_IN_GROUP = "csys_update_deployment";

    /** Workflows of the manager itself that run in any deployment, with any parameters. Source: the existing product. */
    private static final Map<String, Workflow> BUILT_IN = Stream.of(UPDATE, UPDATE_IN_GROUP)
            .collect(Collectors.toUnmodifiableMap(name -> name, name -> new Workflow(name, Map.of(), true, false)));

    public DeploymentFacts {
        workflows = Map.copyOf(workflows);
    }

    /** The one that the deployment declares, or else the manager's own of that name. */
    public Optional<Workflow> workflow(String name) {
        Workflow declared = workflows.get(name);
        return Optional.ofNullable(declared == null ? BUILT_IN.get(name) : declared);
    }

    /** Whether it is the manager's own, which takes any parameters. */
    public boolean isBuiltIn(String name) {
        return !workflows.containsKey(name) && BUILT_IN.containsKey(name);
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
