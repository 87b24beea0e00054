package io.holdfast.cluster.election;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that the election knows. Only {@link #durable} survives a restart.
 *
 * @param position of this node's PostgreSQL: exact while nothing is received, else as last probed
 * @param receivingEpoch in which the node became active from which PostgreSQL may receive the log; 0 if it receives none
 * @param leader the active node of the highest epoch heard of, or null
 * @param candidacy not null in {@link Role#PREVOTE} and {@link Role#CANDIDATE}
 * @param activity not null in {@link Role#ACTIVE_STARTING} and {@link Role#ACTIVE}
 * @param timers monotonic times
 * @param diskFull whether PostgreSQL had no room to write, when it was last looked at
 */
public record State(
        DurableState durable,
        Role role,
        Database database,
        Position position,
        long receivingEpoch,
        @Nullable Leader leader,
        @Nullable Candidacy candidacy,
        @Nullable Activity activity,
        Timers timers,
        boolean diskFull) {

    /** How many switches of its timeline's history a heartbeat carries. */
    public static final int HISTORY = 8;

    /** Of the highest epoch this node has taken part in. */
    public long epoch() {
        return durable.epoch();
    }

    /** The node that serves, as far as this one knows: itself, or the one whose heartbeats it hears. */
    public Optional<NodeId> active() {
        if (role == Role.ACTIVE) {
            return Optional.of(durable.self());
        }
        return leader != null && !leader.resigned() && leader.epoch() == epoch()
                ? Optional.of(leader.id())
                : Optional.empty();
    }

    /** Whether this node is active and has begun to hand over to another one: it takes no clients any more. */
    public boolean handsOver() {
        return activity != null && activity.handover() != null;
    }

    /** Whether this node is active and may cause effects outside the database. @param now monotonic nanoseconds */
    public boolean leaseValid(long now) {
        return role == Role.ACTIVE && activity != null && activity.leaseUntilNanos() - now > 0;
    }

    /**
     * The members whose agents this node, being active, has not heard for so long. Empty where it is not active.
     *
     * @param now monotonic nanoseconds
     */
    public Set<NodeId> unheard(long limitNanos, long now) {
        Activity mine = activity;
        if (mine == null) {
            return Set.of();
        }
        Set<NodeId> unheard = new TreeSet<>();
        for (Member member : durable.configuration().members()) {
            Peer peer = mine.peers().get(member.id());
            if (!member.id().equals(durable.self()) && (peer == null || now - peer.heardNanos() >= limitNanos)) {
                unheard.add(member.id());
            }
        }
        return unheard;
    }

    /**
     * Whether clients may connect to this node's database. They may from the promotion on: their commits wait for the standbys as the
     * row of the epoch does, and until that one is there their connections are.
     *
     * @param now monotonic nanoseconds
     */
    public boolean letsClientsIn(long now) {
        return activity != null
                && activity.promoted()
                && activity.handover() == null
                && activity.leaseUntilNanos() - now > 0;
    }

    /** What the node's PostgreSQL does, as far as the election knows. */
    public enum Database {
        /** A witness has none; a node that joins has none yet. */
        NONE,
        STARTING,
        STANDBY,
        STOPPING_RECEIVER,
        PROMOTING,
        PRIMARY,
        STEPPING_DOWN,
        REJOINING,
        DEAD
    }

    /**
     * The active node, seen from another one.
     *
     * @param ready whether it serves
     * @param served whether it has ever said so in its epoch
     * @param heardNanos when its last heartbeat came
     * @param sentNanos of its last heartbeat, by its clock
     * @param lsn where its log ends
     * @param origin where it ended when the node was chosen
     * @param resigned whether it has given up since
     * @param successor whom it named for that, or null
     */
    public record Leader(
            NodeId id,
            long epoch,
            boolean ready,
            boolean served,
            List<TimelineSwitch> history,
            long heardNanos,
            long sentNanos,
            Lsn lsn,
            Position origin,
            boolean resigned,
            @Nullable NodeId successor) {

        /** As {@link State#letsClientsIn}. What has been ready and is not any more hands over. */
        public boolean letsClientsIn() {
            return !resigned && (ready || !served && !history.isEmpty());
        }
    }

    /**
     * An attempt to be elected.
     *
     * @param epoch asked for
     * @param startedNanos of this phase
     * @param sentNanos when it asked last
     * @param streamLost asked for since stream and heartbeats are lost, before the election timeout
     * @param grants who would promise
     * @param promises who has promised
     */
    public record Candidacy(
            long epoch,
            long startedNanos,
            long sentNanos,
            boolean streamLost,
            Set<NodeId> grants,
            Map<NodeId, Message.Promise> promises) {
        public Candidacy {
            grants = Set.copyOf(grants);
            promises = Map.copyOf(promises);
        }
    }

    /**
     * Another node, seen from the active one.
     *
     * @param echoedNanos the newest heartbeat that it has answered, by this node's clock
     * @param heardNanos when its last answer came
     * @param configuration what it has stored
     * @param diskFull whether its PostgreSQL has no room to write
     */
    public record Peer(
            long echoedNanos,
            long heardNanos,
            ConfigurationVersion configuration,
            long incarnation,
            Role role,
            boolean streaming,
            Position position,
            boolean diskFull) {}

    /**
     * What only the active node knows.
     *
     * @param startedNanos when it was chosen
     * @param origin where its log ended then
     * @param promoted whether PostgreSQL is primary
     * @param commitAsked whether PostgreSQL was told to commit the row of its epoch
     * @param committed whether the row of its epoch is committed by a quorum
     * @param history of its timeline, oldest first
     * @param heartbeatNanos when it last sent heartbeats
     * @param leaseUntilNanos end of the lease
     * @param leaseValid what was last published of it
     * @param lsn where its log ends
     * @param standbys up to where each connected standby has flushed
     * @param awayNanos since when an in-sync standby is not connected
     * @param sync by what commits wait
     * @param syncsPending settings that PostgreSQL has been told and has not applied yet
     * @param tendNanos not before this the configuration is changed without an operator
     * @param change of the configuration that is under way, or null
     * @param handover a switchover that is under way, or null
     * @param dismissed who has left and may not know it yet
     */
    public record Activity(
            long startedNanos,
            Position origin,
            boolean promoted,
            boolean commitAsked,
            boolean committed,
            List<TimelineSwitch> history,
            Map<NodeId, Peer> peers,
            long heartbeatNanos,
            long leaseUntilNanos,
            boolean leaseValid,
            Lsn lsn,
            Map<NodeId, Lsn> standbys,
            Map<NodeId, Long> awayNanos,
            SyncSetting sync,
            int syncsPending,
            long tendNanos,
            @Nullable Change change,
            @Nullable Handover handover,
            Set<NodeId> dismissed) {
        public Activity {
            history = List.copyOf(history);
            peers = Map.copyOf(peers);
            standbys = Map.copyOf(standbys);
            awayNanos = Map.copyOf(awayNanos);
            dismissed = Set.copyOf(dismissed);
        }
    }

    /**
     * A change of the configuration. Commits wait by the stricter of both settings from before the new one is stored anywhere until it is
     * stored by a majority.
     *
     * @param barrier with {@link Phase#CATCHING_UP}: what the standbys must have first
     */
    public record Change(Configuration from, Configuration to, Phase phase, Lsn barrier, long startedNanos) {

        /** The steps of a change, in their order. */
        public enum Phase {
            /** PostgreSQL is told to wait for the new standby too. */
            STRENGTHENING,
            /** What was committed before must reach the new standby. */
            CATCHING_UP,
            /** A majority of the old voters and a majority of the new ones must store it. */
            STORING
        }
    }

    /**
     * A switchover.
     *
     * @param drained end of the log after the last client's write, or null until then
     */
    public record Handover(
            String requestId,
            NodeId target,
            long startedNanos,
            @Nullable Lsn drained) {}

    /**
     * Monotonic times, in nanoseconds.
     *
     * @param heardNanos when an active node was heard of last, or the start
     * @param streamLostNanos since when a follower does not stream
     * @param streamed whether it has streamed since it follows the present active node
     * @param streaming whether it streams
     * @param promisedNanos when it promised last
     * @param probedNanos when PostgreSQL answered last
     * @param askedNanos when PostgreSQL was last asked to start, follow or rejoin
     * @param campaignNanos not before this it stands for election (again)
     * @param rejoinFailures in a row
     */
    public record Timers(
            long heardNanos,
            long streamLostNanos,
            boolean streamed,
            boolean streaming,
            long promisedNanos,
            long probedNanos,
            long askedNanos,
            long campaignNanos,
            int rejoinFailures) {}
}
