package io.holdfast.cluster.postgres.server;

import io.holdfast.cluster.election.NodeId;

/**
 * The names that nodes stream under. A node that comes back streams under a name that no quorum knows until it has proved that it
 * follows the active's history: before, its confirmations must not count.
 */
final class NodeNames {
    static final String SLOT_PREFIX = "holdfast_";

    private static final String COMING_BACK = "~comes-back";

    private NodeNames() {}

    static String comingBack(NodeId node) {
        return node.value() + COMING_BACK;
    }

    /** A slot's name may hold no hyphen, and node ids are told apart by more than that. */
    static String slot(NodeId node) {
        return SLOT_PREFIX + node.value().replace("_", "__").replace('-', '_');
    }

    static boolean isNode(String applicationName) {
        try {
            return !new NodeId(applicationName).value().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
