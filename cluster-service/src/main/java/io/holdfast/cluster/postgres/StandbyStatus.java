package io.holdfast.cluster.postgres;

import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.NodeId;

/**
 * A standby as the active's PostgreSQL sees it.
 *
 * @param node the name it streams under
 * @param streaming false while it catches up from files or is taking a base backup
 * @param inQuorum whether its confirmations count for commits
 * @param flushed what it has confirmed to have on disk
 * @param replayed what its readers see
 * @param lagBytes WAL that the active has written and this standby has not flushed, at least 0
 */
public record StandbyStatus(
        NodeId node, boolean streaming, boolean inQuorum, Lsn flushed, Lsn replayed, long lagBytes) {}
