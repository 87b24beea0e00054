package io.holdfast.cluster.node;

/** Tells how the cluster is now. */
public interface ClusterFacts {

    /** @throws io.holdfast.contracts.errors.ManagerException {@code service_unavailable} if nobody who knows answers */
    ClusterView read();
}
