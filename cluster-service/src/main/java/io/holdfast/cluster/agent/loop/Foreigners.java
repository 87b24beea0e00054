package io.holdfast.cluster.agent.loop;

import io.holdfast.cluster.election.Notice;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Nodes of other clusters, which the election notices with each of their datagrams: many a second, enough to push everything else out of
 * the log and of the history. Not thread-safe.
 */
final class Foreigners {

    /** Long enough to leave room for the rest, short enough that whoever reads the end of a log sees that it goes on. */
    static final Duration REST = Duration.ofMinutes(5);

    private final Map<Notice.ForeignCluster, Long> saidNanos = new HashMap<>();

    /** Whether it was not said in the last {@link #REST}; then it counts as said now. */
    boolean isNews(Notice.ForeignCluster notice, long nowNanos) {
        saidNanos.values().removeIf(said -> nowNanos - said >= REST.toNanos());
        return saidNanos.putIfAbsent(notice, nowNanos) == null;
    }
}
