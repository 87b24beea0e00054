package io.holdfast.inventory.language;

import java.util.List;
import java.util.Map;

/**
 * A node type or a relationship type, with what it inherits.
 *
 * @param hierarchy from the root to itself
 * @param interfaces by {@code interfaces}, or {@code source_interfaces} and {@code target_interfaces}
 */
record ElementType(
        String name,
        List<String> hierarchy,
        Map<String, Property> properties,
        Map<String, Interfaces> interfaces,
        YamlNode.Mapping definition) {

    ElementType {
        hierarchy = List.copyOf(hierarchy);
    }

    boolean is(String ancestor) {
        return hierarchy.contains(ancestor);
    }

    Interfaces interfaces(String key) {
        return interfaces.getOrDefault(key, Interfaces.NONE);
    }
}
