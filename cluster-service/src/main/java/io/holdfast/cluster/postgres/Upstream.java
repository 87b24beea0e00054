package io.holdfast.cluster.postgres;

import io.holdfast.cluster.election.NodeId;
import java.util.Objects;

/**
 * The PostgreSQL that a standby streams from.
 *
 * @param node id of the node
 * @param host address that this node reaches it by
 * @param port of its PostgreSQL, 1 to 65535
 */
public record Upstream(NodeId node, String host, int port) {

    public Upstream {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(host, "host");
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is 1 to 65535: " + port);
        }
    }

    @Override
    public String toString() {
        return node + " at " + host + ":" + port;
    }
}
