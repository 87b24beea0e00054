package io.holdfast.cluster.node;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cluster at a moment.
 *
 * @param clustered false where there is one process and no cluster
 * @param state {@code healthy}, {@code degraded}, {@code paused}, {@code no_active} or {@code split_brain}
 * @param active name of the active node; null while there is none
 * @param externalDatabase whether the database is somebody else's and on none of the nodes
 */
public record ClusterView(
        boolean clustered,
        String state,
        @Nullable String active,
        long epoch,
        boolean paused,
        boolean externalDatabase,
        List<ClusterNode> nodes) {

    public ClusterView {
        nodes = List.copyOf(nodes);
    }

    public ClusterView withNodes(List<ClusterNode> others) {
        return new ClusterView(clustered, state, active, epoch, paused, externalDatabase, others);
    }
}
