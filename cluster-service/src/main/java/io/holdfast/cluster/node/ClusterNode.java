package io.holdfast.cluster.node;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A node of the cluster as the others see it.
 *
 * @param name unique in the cluster
 * @param host by which the others reach it; null where nobody knows
 * @param kind {@code DATA}, or {@code WITNESS} for one that only votes
 * @param role {@code ACTIVE}, {@code FOLLOWER} or another word of the election; null while it does not answer
 * @param state how its database is, in a word such as {@code running} or {@code streaming}
 * @param up whether it answers, also the active node, and its database works
 * @param inSync whether commits wait for it
 * @param lagBytes by how much of the log it is behind the active one; null for the active one, and where it is not known
 * @param lastSeen when it last answered; null where nobody knows
 */
public record ClusterNode(
        String name,
        @Nullable String host,
        String kind,
        @Nullable String role,
        @Nullable String state,
        boolean up,
        boolean inSync,
        @Nullable Long lagBytes,
        @Nullable Instant lastSeen) {

    /** A node with a database. */
    public static final String DATA = "DATA";

    /** The role of the node that serves. */
    public static final String ACTIVE = "ACTIVE";

    /** Whether it answered when it was asked. */
    public boolean answers() {
        return role != null;
    }

    public ClusterNode seenAt(@Nullable Instant at) {
        return new ClusterNode(name, host, kind, role, state, up, inSync, lagBytes, at);
    }
}
