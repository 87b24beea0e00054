package io.holdfast.inventory.language;

import io.holdfast.contracts.language.NamePattern;
import io.holdfast.contracts.language.NamedThings;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Things of a plan, for values that name one of a blueprint.
 *
 * @param others what is of no plan, or of the deployment or blueprint that the constraints name
 */
public record PlannedThings(Plan plan, NamedThings others) implements NamedThings {

    /** Where constraints say a thing is. */
    public static final String BLUEPRINT = "blueprint_id";

    private static final String DEPLOYMENT = "deployment_id";

    @Override
    public boolean has(String type, Object name, Map<String, Object> constraints) {
        if (!OF_DEPLOYMENTS.contains(type)
                || constraints.containsKey(DEPLOYMENT)
                || constraints.containsKey(BLUEPRINT)) {
            return others.has(type, name, constraints);
        }
        if (!(name instanceof String text)
                || !NamePattern.of(constraints.get("name_pattern")).matches(text)) {
            return false;
        }
        Collection<?> valid = constraints.get("valid_values") instanceof List<?> values ? values : null;
        if (type.equals("scaling_group")) {
            return Plan.mapping(plan.data().get("scaling_groups")).containsKey(text)
                    && (valid == null || valid.contains(text));
        }
        return plan.data().get("nodes") instanceof List<?> nodes
                && nodes.stream().map(Plan::mapping).anyMatch(node -> switch (type) {
                    case "node_id" ->
                        (text.equals(node.get("name")) || text.equals(node.get("id")))
                                && (valid == null || valid.contains(text));
                    case "node_type" -> text.equals(node.get("type")) && (valid == null || derives(node, valid));
                    case "operation_name" ->
                        Plan.mapping(node.get("operations")).containsKey(text)
                                && (valid == null || valid.contains(text));
                    default -> false;
                });
    }

    private static boolean derives(Map<String, ?> node, Collection<?> valid) {
        return valid.contains(node.get("type"))
                || node.get("type_hierarchy") instanceof List<?> hierarchy
                        && hierarchy.stream().filter(Objects::nonNull).anyMatch(valid::contains);
    }
}
