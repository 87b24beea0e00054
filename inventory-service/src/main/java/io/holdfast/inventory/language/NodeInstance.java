package io.holdfast.inventory.language;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a node, not installed yet.
 *
 * @param id {@code node_xxxxxx}
 * @param hostId the instance that it runs on, maybe itself; null where there is none
 * @param index counts the instances of its node, from 1
 * @param relationships {@code {type, target_name, target_id}} each
 * @param scalingGroups {@code {name, id}} each, the innermost first
 */
public record NodeInstance(
        String id,
        String node,
        @Nullable String hostId,
        int index,
        List<Map<String, String>> relationships,
        List<Map<String, String>> scalingGroups) {

    public NodeInstance {
        Objects.requireNonNull(id);
        Objects.requireNonNull(node);
        relationships = List.copyOf(relationships);
        scalingGroups = List.copyOf(scalingGroups);
    }
}
