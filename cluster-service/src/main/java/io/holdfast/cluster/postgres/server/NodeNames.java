package io.holdfast.cluster.postgres.server;

import io.holdfast.cluster.election.NodeId;

/**
 * The names that nodes stream under. A node that comes back streams under a name that no quorum knows until it has proved that it
 * follows the active's history: before, its confirmations must not count.
 */
final class NodeNames {
    private static final String COMING_BACK = "~comes-back";

    private NodeNames() {}

    static String comingBack(NodeId node) {
        return node.value() + COMING_BACK;
    }

    static boolean isNode(String applicationName) {
        try {
            return !new NodeId(applicationName).value().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
