package io.holdfast.cluster.election;

/** What a node does in the cluster. */
public enum Role {
    /** Its PostgreSQL is being started as a standby without upstream. */
    BOOT,
    /** A standby, following the active node or looking for one. */
    FOLLOWER,
    /** A follower that asks whether the others miss the active node too. */
    PREVOTE,
    /** Collects promises for its epoch. */
    CANDIDATE,
    /** Chosen; its PostgreSQL is being promoted, or its epoch is not committed by a quorum yet. Serves nobody. */
    ACTIVE_STARTING,
    /** Serves. Whether it may cause effects outside the database is {@link State#leaseValid}. */
    ACTIVE,
    /** Was active; cuts its clients off and restarts its PostgreSQL as a standby. */
    STEPPING_DOWN,
    /** Its PostgreSQL is being rewound to the active node's history or copied anew. Does not vote. */
    REJOINING,
    /** Votes, holds no data. */
    WITNESS
}
