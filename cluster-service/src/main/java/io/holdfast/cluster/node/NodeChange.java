package io.holdfast.cluster.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a node differs from what was told of it.
 *
 * @param up how it is now; without meaning for one that left
 */
public record NodeChange(String node, Kind kind, @Nullable String state, boolean up) {

    /** On the wire in lower case. */
    public enum Kind {
        JOINED,
        LEFT,
        UP,
        DOWN
    }

    /**
     * What has to be told. A node that is new and down has joined, and is not also told to be down.
     *
     * @param told each node and whether it was up
     */
    public static List<NodeChange> between(Map<String, Boolean> told, List<ClusterNode> now) {
        List<NodeChange> changes = new ArrayList<>();
        Map<String, Boolean> gone = new TreeMap<>(told);
        for (ClusterNode node : now) {
            Boolean wasUp = gone.remove(node.name());
            if (wasUp == null) {
                changes.add(new NodeChange(node.name(), Kind.JOINED, node.state(), node.up()));
            } else if (wasUp != node.up()) {
                changes.add(new NodeChange(node.name(), node.up() ? Kind.UP : Kind.DOWN, node.state(), node.up()));
            }
        }
        gone.keySet().forEach(name -> changes.add(new NodeChange(name, Kind.LEFT, null, false)));
        return changes;
    }
}
