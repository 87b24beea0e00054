package io.holdfast.cluster.election;

import java.time.Duration;

/**
 * Times of the election, in nanoseconds of the monotonic clock. None of them matters to safety; the lease matters to effects outside the
 * database.
 *
 * @param heartbeatNanos how often the active node tells that it lives
 * @param electionNanos silence after which a node misses the active one
 * @param leaseNanos how long after a majority's answers the active node may cause effects outside the database
 * @param streamLostNanos silence after which a node that has also lost the log stream misses the active one; 0: never
 * @param staggerNanos by how much a node waits longer than the one before it, so that two rarely stand at once
 * @param probeStaleNanos how long the local PostgreSQL may leave the probe unanswered before the active node resigns
 * @param outOfSyncNanos how long a standby may be away before commits stop to wait for it, where there is a witness
 * @param switchoverNanos within which the target of a switchover must have everything
 * @param rejoinRetryNanos pause after a failed rejoin; a follower that fails to stream for six of them rejoins
 */
public record Settings(
        long heartbeatNanos,
        long electionNanos,
        long leaseNanos,
        long streamLostNanos,
        long staggerNanos,
        long probeStaleNanos,
        long outOfSyncNanos,
        long switchoverNanos,
        long rejoinRetryNanos) {

    /** For nodes in one site. */
    public static final Settings DEFAULT = new Settings(
            millis(100),
            millis(1000),
            millis(700),
            millis(200),
            millis(60),
            millis(500),
            millis(1000),
            millis(2000),
            millis(5000));

    public Settings {
        require(heartbeatNanos > 0, "heartbeat must be positive", heartbeatNanos);
        require(
                electionNanos >= 3 * heartbeatNanos,
                "election timeout must be at least three heartbeats, so that one lost and one late message elect nobody",
                electionNanos);
        require(
                leaseNanos >= 2 * heartbeatNanos && leaseNanos <= electionNanos * 3 / 4,
                "lease must be at least two heartbeats and at most three quarters of the election timeout",
                leaseNanos);
        require(
                streamLostNanos == 0 || streamLostNanos >= 2 * heartbeatNanos,
                "suspicion after a lost stream must be 0 or at least two heartbeats",
                streamLostNanos);
        require(staggerNanos > 0, "stagger must be positive", staggerNanos);
        require(probeStaleNanos > 0, "probe limit must be positive", probeStaleNanos);
        require(outOfSyncNanos > 0, "out-of-sync limit must be positive", outOfSyncNanos);
        require(switchoverNanos > 0, "switchover limit must be positive", switchoverNanos);
        require(rejoinRetryNanos > 0, "rejoin pause must be positive", rejoinRetryNanos);
    }

    private static void require(boolean holds, String rule, long found) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ", found: " + Duration.ofNanos(found));
        }
    }

    private static long millis(long value) {
        return Duration.ofMillis(value).toNanos();
    }
}
