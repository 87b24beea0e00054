package io.holdfast.cluster.election;

import org.jspecify.annotations.Nullable;

/** A fact for the log, the events and the history of the cluster. */
public sealed interface Notice {

    /** This node has another role now. @param active the active node, as far as this one knows */
    record RoleChanged(Role role, long epoch, @Nullable NodeId active) implements Notice {}

    /** This node stands for election. @param reason what it misses, or who wants it, for people */
    record Stands(long epoch, String reason) implements Notice {}

    /** This node, being active, may or may not cause effects outside the database. */
    record LeaseChanged(long epoch, boolean valid) implements Notice {}

    /** This node has stored another configuration. */
    record ConfigurationChanged(Configuration configuration) implements Notice {}

    /** A node of this cluster has another PostgreSQL history from the very beginning. */
    record ForeignCluster(NodeId node, long clusterId) implements Notice {}

    /** A switchover that had begun was given up; this node is still active. */
    record SwitchoverAborted(long epoch, String reason) implements Notice {}

    /** An operator made this node active without a majority. */
    record Forced(long epoch, Configuration configuration) implements Notice {}

    /** Something did not work and is tried again. */
    record Failed(String what, String reason) implements Notice {}
}
