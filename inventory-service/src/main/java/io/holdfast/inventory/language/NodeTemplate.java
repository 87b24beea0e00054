package io.holdfast.inventory.language;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node of a blueprint.
 *
 * @param properties checked, with defaults
 * @param scalable as in the plan
 */
record NodeTemplate(
        String name,
        ElementType type,
        YamlNode.Mapping properties,
        Interfaces interfaces,
        List<Relationship> relationships,
        Map<String, @Nullable Object> scalable,
        @Nullable Long instancesToDeploy,
        Mark mark) {

    static final String HOST_TYPE = "cloudify.nodes.Compute";
    static final String CONTAINED_IN = "cloudify.relationships.contained_in";

    /** From the node that has it to its target. */
    record Relationship(
            ElementType type,
            String target,
            YamlNode.Mapping properties,
            Interfaces source,
            Interfaces destination,
            Mark mark) {

        boolean isContainment() {
            return type.is(CONTAINED_IN);
        }
    }

    boolean isHost() {
        return type.is(HOST_TYPE);
    }

    /** The node that this one is contained in. */
    @Nullable
    String container() {
        return relationships.stream()
                .filter(Relationship::isContainment)
                .map(Relationship::target)
                .findFirst()
                .orElse(null);
    }
}
