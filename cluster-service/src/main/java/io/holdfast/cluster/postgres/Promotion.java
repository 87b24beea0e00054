package io.holdfast.cluster.postgres;

import io.holdfast.cluster.election.Lsn;

/**
 * What a promotion made.
 *
 * @param history of the new timeline, which is the epoch
 * @param lsn end of the log after it
 */
public record Promotion(TimelineHistory history, Lsn lsn) {}
