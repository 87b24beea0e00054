package io.holdfast.workflow.bridge;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a worker must know of a deployment and one of its workflows.
 *
 * @param operation the function to call, such as {@code shop.workflows.install}
 * @param plugin the plugin that brings it
 * @param packageName of the plugin, null where the deployment does not say
 */
public record Workflow(
        String deploymentId,
        @Nullable String deploymentDisplayName,
        @Nullable String blueprintId,
        @Nullable String deploymentCreator,
        Map<String, Object> resourceTags,
        boolean runtimeOnlyEvaluation,
        String operation,
        @Nullable String plugin,
        @Nullable String packageName,
        @Nullable String packageVersion) {}
