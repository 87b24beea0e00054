package io.holdfast.cluster.election;

/** What a member of the cluster has. */
public enum MemberKind {
    /** A PostgreSQL of its own; may become active. */
    DATA,
    /** Votes and remembers, but holds no data. */
    WITNESS
}
