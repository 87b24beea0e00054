package io.holdfast.cluster.election;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happens to a node. */
public sealed interface Event {

    /** Time has passed. To be given at least every quarter of {@link Settings#heartbeatNanos}. */
    record Tick() implements Event {}

    /**
     * A message has come, and it is authentic.
     *
     * @param clusterId of the sender, 0 if it does not know any yet
     */
    record Received(NodeId from, long clusterId, Message message) implements Event {}

    /**
     * PostgreSQL runs as a standby without upstream: the end of {@link Action.StartStandby} and of {@link Action.StepDown}.
     *
     * @param clusterId its system identifier
     */
    record StandbyStarted(long clusterId, Position position) implements Event {}

    /** {@link Action.StartStandby}, {@link Action.StepDown} or {@link Action.Follow} failed, or PostgreSQL ended by itself. */
    record PostgresDied(String reason) implements Event {}

    /** There is no usable data directory. It must be copied from the active node. */
    record DataMissing(String reason) implements Event {}

    /**
     * The end of {@link Action.StopReceiver}: nothing is received any more and what was received is replayed.
     *
     * @param epoch of the action
     */
    record ReceiverStopped(long epoch, Position position) implements Event {}

    /**
     * The end of {@link Action.Promote}: PostgreSQL is primary on timeline {@code epoch}.
     *
     * @param history of that timeline, oldest first
     * @param lsn where the log ends now
     */
    record Promoted(long epoch, List<TimelineSwitch> history, Lsn lsn) implements Event {
        public Promoted {
            history = List.copyOf(history);
        }
    }

    /** {@link Action.Promote} or {@link Action.CommitEpoch} failed. */
    record PromotionFailed(long epoch, String reason) implements Event {}

    /** The end of {@link Action.CommitEpoch}: the row of the epoch is committed by a quorum. */
    record EpochCommitted(long epoch) implements Event {}

    /** The end of {@link Action.Rejoin}: streams from the active node, on its timeline, and is consistent. */
    record Rejoined(long epoch, Position position) implements Event {}

    /**
     * {@link Action.Rejoin} failed; it is tried again.
     *
     * @param untouched nothing was done to the data, for instance as the active node's PostgreSQL could not be reached: the node goes on
     *     with what it has, and may vote
     */
    record RejoinFailed(long epoch, String reason, boolean untouched) implements Event {

        /** The data must not be used any more. */
        public RejoinFailed(long epoch, String reason) {
            this(epoch, reason, false);
        }
    }

    /**
     * The end of {@link Action.SetSync}: all commits from now on wait by this setting.
     *
     * @param lsn end of the log after it took effect; what is before may have been acknowledged by the setting before
     */
    record SyncApplied(SyncSetting setting, Lsn lsn) implements Event {}

    /** The end of {@link Action.Drain}: no client writes any more. @param lsn end of the log */
    record Drained(long epoch, Lsn lsn) implements Event {}

    /**
     * PostgreSQL has answered, with a quick look at itself.
     *
     * @param primary whether it is not in recovery
     * @param position of its log; of a standby the greater of received and replayed
     * @param streaming of a standby: it receives the log
     * @param standbys of a primary: up to where each connected standby has flushed
     * @param diskFull it has no room to write any more, or soon
     */
    record Probed(boolean primary, Position position, boolean streaming, Map<NodeId, Lsn> standbys, boolean diskFull)
            implements Event {
        public Probed {
            standbys = Map.copyOf(standbys);
        }

        /** With room on its disk. */
        public Probed(boolean primary, Position position, boolean streaming, Map<NodeId, Lsn> standbys) {
            this(primary, position, streaming, standbys, false);
        }
    }

    /** Asks for something. Answered by one {@link Action.Answer} with the same id. */
    sealed interface Request extends Event {
        String id();
    }

    /** Hand over to another node, without loss. For the active node only. @param target null: the best of those in sync */
    record Switchover(String id, @Nullable NodeId target) implements Request {}

    /** Stand for election now, also in a pause. Loses nothing: it needs promises as any election does. */
    record Campaign(String id) implements Request {}

    /**
     * Become active without a majority. The operator accepts that what only the others hold is lost from view (it is salvaged when they
     * return), and vouches that they are down: if one still serves, both do.
     *
     * @param lost voters which the operator gives up; they stay members, without a vote
     */
    record Force(String id, Set<NodeId> lost) implements Request {
        public Force {
            lost = Set.copyOf(lost);
        }
    }

    /** No elections from now on, or again. For the active node only. */
    record SetPaused(String id, boolean paused) implements Request {}

    /** Takes a node in; it votes as soon as it streams. For the active node only. */
    record Join(String id, NodeId node, MemberKind kind, int priority) implements Request {}

    /** Dismisses a node. For the active node only, of another one. */
    record Leave(String id, NodeId node) implements Request {}

    /** Copies this node's PostgreSQL anew from the active node. For a node that is not active. */
    record Reinit(String id) implements Request {}
}
