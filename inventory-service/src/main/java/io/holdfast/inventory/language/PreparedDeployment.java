package io.holdfast.inventory.language;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment starts with. Functions that only the manager can answer are still in it.
 *
 * @param inputs all of the plan's, with defaults
 * @param nodes as in the plan, evaluated
 * @param workflows {@code {name, plugin, operation, parameters, is_cascading, is_available, availability_rules}} each
 * @param labels key to values, from the blueprint; values are text or functions
 * @param dependencies where functions name other deployments ({@code outputs.url.value.get_capability}), and which
 * @param dependencyFunctions where functions name other deployments by functions, which only the manager can answer
 * @param displayName from the blueprint's {@code deployment_settings}: text or a function; null where it gives none
 * @param defaultSchedules name to schedule, of the blueprint's {@code deployment_settings}
 * @param defaultGroups groups that it joins, of the same
 */
public record PreparedDeployment(
        @Nullable String description,
        Map<String, @Nullable Object> inputs,
        Map<String, @Nullable Object> groups,
        Map<String, @Nullable Object> scalingGroups,
        Map<String, @Nullable Object> policyTypes,
        Map<String, @Nullable Object> policyTriggers,
        Map<String, @Nullable Object> outputs,
        Map<String, @Nullable Object> capabilities,
        List<Map<String, @Nullable Object>> workflows,
        Map<String, @Nullable Object> resourceTags,
        Map<String, List<@Nullable Object>> labels,
        Map<String, String> dependencies,
        Map<String, DependencyFunction> dependencyFunctions,
        @Nullable Object displayName,
        Map<String, @Nullable Object> defaultSchedules,
        List<String> defaultGroups,
        List<Map<String, @Nullable Object>> nodes,
        List<NodeInstance> instances) {

    /** Of a plan that cannot become a deployment. */
    public static final PreparedDeployment NONE = new PreparedDeployment(
            null, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), List.of(), Map.of(), Map.of(),
            Map.of(), Map.of(), null, Map.of(), List.of(), List.of(), List.of());
}
