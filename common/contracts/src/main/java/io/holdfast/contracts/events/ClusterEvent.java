package io.holdfast.contracts.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Facts about the nodes of a cluster, told by the active one. Source: cluster-service. */
public sealed interface ClusterEvent extends Event {

    /**
     * Another node is active, or the same one anew.
     *
     * @param epoch grows with each change
     * @param active name of the node that is active now
     * @param former of the one that was active last; null where this is the cluster's first
     */
    record RoleChanged(long epoch, String active, @Nullable String former, Instant at) implements ClusterEvent {
        public static final String TYPE = "cluster.role.changed.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return active;
        }
    }

    /**
     * A node was seen otherwise than before.
     *
     * @param change {@code joined}, {@code left}, {@code up} or {@code down}
     * @param state how its database is, in a word such as {@code streaming}; null where it is not known
     * @param epoch in which it was seen
     */
    record NodeChanged(String node, String change, @Nullable String state, long epoch, Instant at)
            implements ClusterEvent {
        public static final String TYPE = "cluster.node.changed.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return node;
        }
    }
}
