package io.holdfast.contracts.language;

import java.util.Map;
import java.util.Set;

/** Whether the manager has what a value names. */
@FunctionalInterface
public interface NamedThings {

    /** Types whose values name a thing of one deployment or blueprint: that at hand where the constraints name no other. */
    Set<String> OF_DEPLOYMENTS =
            Set.of("capability_value", "scaling_group", "node_id", "node_type", "node_instance", "operation_name");

    /** All types whose values name a thing of the manager. */
    Set<String> TYPES = Set.of(
            "blueprint_id",
            "deployment_id",
            "secret_key",
            "capability_value",
            "scaling_group",
            "node_id",
            "node_type",
            "node_instance",
            "operation_name");

    /** Takes every name: for those who cannot ask. */
    NamedThings ANY = (type, name, constraints) -> true;

    /**
     * @param type one of {@link #TYPES}
     * @param constraints operators and arguments that the thing must satisfy, such as {@code name_pattern} or {@code filter_id}
     */
    boolean has(String type, Object name, Map<String, Object> constraints);
}
