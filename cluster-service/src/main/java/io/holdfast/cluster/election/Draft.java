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

/** An {@link Activity} while a step is being made. Its collections are never changed, only replaced: most steps change none. */
final class Draft {

    final long startedNanos;
    final Position origin;
    Map<NodeId, Peer> peers;
    Map<NodeId, Long> awayNanos;
    Set<NodeId> dismissed;
    boolean promoted;
    boolean commitAsked;
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
    Draft(long now, Position origin, SyncSetting sync) {
        startedNanos = now;
        this.origin = origin;
        peers = Map.of();
        awayNanos = Map.of();
        dismissed = Set.of();
        history = List.of();
        heartbeatNanos = now;
        leaseUntilNanos = now;
        lsn = origin.lsn();
        standbys = Map.of();
        this.sync = sync;
        tendNanos = now;
    }

    Draft(Activity activity) {
        startedNanos = activity.startedNanos();
        origin = activity.origin();
        peers = activity.peers();
        awayNanos = activity.awayNanos();
        dismissed = activity.dismissed();
        promoted = activity.promoted();
        commitAsked = activity.commitAsked();
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

    void peer(NodeId id, Peer peer) {
        Map<NodeId, Peer> next = new HashMap<>(peers);
        next.put(id, peer);
        peers = Map.copyOf(next);
    }

    void dismiss(NodeId id) {
        Set<NodeId> next = new HashSet<>(dismissed);
        next.add(id);
        dismissed = Set.copyOf(next);
    }

    /** It knows that it has left, or is a member again. */
    void forget(NodeId id) {
        if (dismissed.contains(id)) {
            Set<NodeId> next = new HashSet<>(dismissed);
            next.remove(id);
            dismissed = Set.copyOf(next);
        }
    }

    Activity activity() {
        return new Activity(
                startedNanos,
                origin,
                promoted,
                commitAsked,
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
