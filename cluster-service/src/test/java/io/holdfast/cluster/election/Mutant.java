package io.holdfast.cluster.election;

/** Mistakes that the simulation must find. */
enum Mutant {
    NONE,
    /** The position is reported while the log is still received. */
    RECEIVER_NOT_STOPPED,
    /** The candidate promotes itself instead of the newest. */
    PROMOTE_SELF,
    /** Positions are compared without their timelines. */
    COMPARE_LSN_ONLY,
    /** The received position alone, which goes back to the start of a segment. */
    RECEIVED_POSITION_ALONE,
    /** Answers leave before the promise is on disk. */
    PROMISE_NOT_FSYNCED,
    /** The new timeline is the old one plus one, as PostgreSQL chooses it by itself. */
    TIMELINE_PLUS_ONE,
    /** A second promise in the same epoch. */
    DOUBLE_VOTE,
    /** Commits wait for nobody. */
    ASYNCHRONOUS,
    /** Commits stop to wait for a lost standby before a majority has stored that it is not in sync. */
    RELAX_BEFORE_STORED,
    /** A standby counts as in sync before it has what was committed without it. */
    IN_SYNC_BEFORE_CAUGHT_UP,
    /** A new configuration counts as soon as the active node itself has stored it. */
    CONFIGURATION_WITHOUT_MAJORITY,
    /** A node votes while its data is being rewound or copied. */
    VOTES_WITH_INCOMPLETE_DATA
}
