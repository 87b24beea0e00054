package io.holdfast.cluster.node;

import java.time.Instant;

/**
 * A node of the cluster.
 *
 * @param role {@code active}: the one that serves; there is no other yet
 * @param since when it took that role
 */
public record ClusterNode(String hostname, String role, Instant since) {

    /** The role of the node that serves. */
    public static final String ACTIVE = "active";
}
