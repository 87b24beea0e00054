package io.holdfast.cluster.election;

/**
 * A line of a timeline's history: where {@code timeline} left {@code parent}.
 *
 * @param timeline the new one, which is the epoch of its active node
 * @param parent the one before
 * @param lsn up to here both are the same
 */
public record TimelineSwitch(long timeline, long parent, Lsn lsn) {}
