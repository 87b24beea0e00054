package io.holdfast.cluster.agent.loop;

import io.holdfast.cluster.agent.MemberAddress;
import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.Position;
import io.holdfast.cluster.election.SyncSetting;
import io.holdfast.cluster.election.TimelineSwitch;
import java.util.List;
import java.util.Map;

/**
 * The node's own PostgreSQL as the loop needs it. All calls block, are made by one thread, and end within a bounded time; but for
 * {@link #fence}, {@link #abort} and {@link #probe}, which other threads call at any time.
 */
public interface NodeDatabase {

    /** Something did not work; the reason is for operators. */
    final class Failed extends Exception {

        private static final long serialVersionUID = 1L;

        public Failed(String reason, Throwable cause) {
            super(reason, cause);
        }

        public Failed(String reason) {
            super(reason);
        }
    }

    /** There is no usable data directory: it must be copied from the active node. */
    final class NoData extends Exception {

        private static final long serialVersionUID = 1L;

        public NoData(String reason) {
            super(reason);
        }
    }

    /** @param clusterId PostgreSQL's system identifier */
    record Started(long clusterId, Position position) {}

    /**
     * @param history of the new timeline, oldest first
     * @param lsn where the log ends now
     */
    record Promoted(List<TimelineSwitch> history, Lsn lsn) {}

    /** What a look at it found, see {@code Event.Probed}. */
    record Probe(boolean primary, Position position, boolean streaming, Map<NodeId, Lsn> standbys, boolean diskFull) {}

    /** Ends it if it runs. */
    void stop() throws Failed, InterruptedException;

    /** Ends it if it runs, starts it as a standby without upstream. */
    Started startStandby() throws Failed, NoData, InterruptedException;

    /** Receives no more log, replays what is there. */
    Position stopReceiver() throws Failed, InterruptedException;

    /** Promotes so that the new timeline is {@code epoch}; commits wait by {@code sync} from the first one on. */
    Promoted promote(long epoch, SyncSetting sync) throws Failed, InterruptedException;

    /** Commits the row of the epoch under a quorum, and lets clients write. */
    void commitEpoch(long epoch) throws Failed, InterruptedException;

    /** Streams from {@code upstream}. */
    void follow(MemberAddress upstream, long epoch) throws Failed, InterruptedException;

    /** Saves what only this node has, rewinds or copies, streams. Where it fails, {@link #hasUsableData} tells what is left. */
    Position rejoin(MemberAddress upstream, long epoch, boolean copy) throws Failed, InterruptedException;

    /** Commits wait by this setting from now on. @return end of the log after it took effect */
    Lsn setSync(SyncSetting setting) throws Failed, InterruptedException;

    /** Lets no client write any more. @return end of the log */
    Lsn drain() throws Failed, InterruptedException;

    void undrain() throws Failed, InterruptedException;

    /** Cuts all clients off and takes no new ones, at once and as far as PostgreSQL answers. By any thread. */
    void fence();

    /** Makes a running call end early with {@link Failed}. By any thread. */
    void abort();

    /** A quick look. By the probe's thread. Fails if there is no answer in time. */
    Probe probe() throws Failed, InterruptedException;

    /** Whether there is data that may vote: none that is half rewound or half copied. By any thread. */
    boolean hasUsableData();

    /** @param action run when the server ends without having been asked to, by any thread; does not block */
    void onDeath(Runnable action);

    /** Whether its first process lives. By any thread, and quick. */
    boolean isRunning();
}
