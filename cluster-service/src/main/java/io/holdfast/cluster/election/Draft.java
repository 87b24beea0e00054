package io.holdfast.cluster.election;

import io.holdfast.cluster.election.State.Activity;
import io.holdfast.cluster.election.State.Change;
import io.holdfast.cluster.election.State.Handover;
import io.holdfast.cluster.election.State.Peer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An {@link Activity} while a step is being made. */
final class Draft {

    final long startedNanos;
    final Map<NodeId, Peer> peers;
    final Map<NodeId, Long> awayNanos;
    final Set<NodeId> dismissed;
    boolean promoted;
    boolean committed;
    List<TimelineSwitch> history;
    long heartbeatNanos;
    long leaseUntilNanos;
    boolean leaseValid;
    Lsn lsn;
    Map<NodeId, Lsn> standbys;
    SyncSetting sync;
    int syncsPending;
    long tendNanos;

    @Nullable
    Change change;

    @Nullable
    Handover handover;

    /** Just chosen. */
    Draft(long now, Lsn lsn, SyncSetting sync) {
        startedNanos = now;
        peers = new HashMap<>();
        awayNanos = new HashMap<>();
        dismissed = new HashSet<>();
        history = List.of();
        heartbeatNanos = now;
        leaseUntilNanos = now;
        this.lsn = lsn;
        standbys = Map.of();
        this.sync = sync;
        tendNanos = now;
    }

    Draft(Activity activity) {
        startedNanos = activity.startedNanos();
        peers = new HashMap<>(activity.peers());
        awayNanos = new HashMap<>(activity.awayNanos());
        dismissed = new HashSet<>(activity.dismissed());
        promoted = activity.promoted();
        committed = activity.committed();
        history = activity.history();
        heartbeatNanos = activity.heartbeatNanos();
        leaseUntilNanos = activity.leaseUntilNanos();
        leaseValid = activity.leaseValid();
        lsn = activity.lsn();
        standbys = activity.standbys();
        sync = activity.sync();
        syncsPending = activity.syncsPending();
        tendNanos = activity.tendNanos();
        change = activity.change();
        handover = activity.handover();
    }

    Activity activity() {
        return new Activity(
                startedNanos,
                promoted,
                committed,
                history,
                peers,
                heartbeatNanos,
                leaseUntilNanos,
                leaseValid,
                lsn,
                standbys,
                awayNanos,
                sync,
                syncsPending,
                tendNanos,
                change,
                handover,
                dismissed);
    }
}
