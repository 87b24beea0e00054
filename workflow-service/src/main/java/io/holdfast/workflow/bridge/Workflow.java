package io.holdfast.workflow.bridge;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a worker must know of a deployment and one of its workflows.
 *
 * @param deploymentId null: it is of no deployment, see {@link #ofManager}
 * @param operation the function to call, such as {@code shop.workflows.install}
 * @param plugin the plugin that brings it
 * @param packageName of the plugin, null where the blueprint does not say
 * @param pluginSource where a plugin comes from that is no uploaded one: a directory of the blueprint, or a URL; null otherwise
 */
public record Workflow(
        @Nullable String deploymentId,
        @Nullable String deploymentDisplayName,
        @Nullable String blueprintId,
        @Nullable String deploymentCreator,
        Map<String, Object> resourceTags,
        boolean runtimeOnlyEvaluation,
        String operation,
        @Nullable String plugin,
        @Nullable String packageName,
        @Nullable String packageVersion,
        @Nullable String pluginSource) {

    /** Functions of workflows that belong to no deployment, by workflow. Source: the existing product. */
    private static final Map<String, String> OF_MANAGER =
            Map.of("update_plugin", "cloudify_system_workflows.plugins.update");

    /** Functions of the manager's own workflows in deployments that do not declare them. Source: the existing product. */
    private static final Map<String, String> OF_ANY_DEPLOYMENT = Map.of(
            "update", "cloudify_system_workflows.deployment_update.workflow.update_deployment",
            "csys_update_deployment", "cloudify_system_workflows.deployment_environment.update_deployment");

    /** The function that workers bring themselves and run in any deployment; empty for any other workflow. */
    public static Optional<String> ofAnyDeployment(String workflowId) {
        return Optional.ofNullable(OF_ANY_DEPLOYMENT.get(workflowId));
    }

    /** What workers bring themselves and run for the manager; empty for any other workflow. */
    public static Optional<Workflow> ofManager(String workflowId) {
        return Optional.ofNullable(OF_MANAGER.get(workflowId))
                .map(operation ->
                        new Workflow(null, null, null, null, Map.of(), false, operation, null, null, null, null));
    }
}
