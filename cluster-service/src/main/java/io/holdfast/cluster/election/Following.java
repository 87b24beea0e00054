package io.holdfast.cluster.election;

import io.holdfast.cluster.election.State.Database;
import io.holdfast.cluster.election.State.Leader;
import java.util.List;
import java.util.Optional;

/** What a node does with its own PostgreSQL while another node is active, or none is. */
final class Following {

    /** A follower that cannot stream for so many pauses needs what the active node does not keep any more: it is rewound or copied. */
    private static final int STREAMLESS_RETRIES = 6;

    private final Turn turn;

    Following(Turn turn) {
        this.turn = turn;
    }

    void boot() {
        DurableState durable = turn.durable();
        if (durable.kind() == MemberKind.WITNESS) {
            turn.role = Role.WITNESS;
            return;
        }
        turn.act(new Action.SetSync(turn.configuration().syncSetting(turn.self())));
        if (durable.dataIncomplete()) {
            turn.role = Role.REJOINING;
            return;
        }
        startStandby();
    }

    void tick() {
        if (turn.durable().kind() == MemberKind.WITNESS) {
            return;
        }
        long sinceAsked = turn.now - turn.askedNanos;
        long retry = turn.settings.rejoinRetryNanos();
        if (turn.database == Database.DEAD && sinceAsked >= turn.settings.electionNanos()) {
            startStandby();
        } else if (turn.role == Role.REJOINING && turn.database == Database.NONE) {
            if (turn.rejoinFailures == 0 || sinceAsked >= retry) {
                follow();
            }
        } else if (turn.database == Database.STANDBY
                && turn.role == Role.FOLLOWER
                && turn.leaderAlive()
                && turn.receivingEpoch == turn.epoch()
                && !turn.streaming) {
            if (turn.now - turn.streamLostNanos >= STREAMLESS_RETRIES * retry) {
                turn.following()
                        .filter(leader -> !leader.history().isEmpty())
                        .ifPresent(leader -> rejoin(leader, false));
            } else if (Math.min(sinceAsked, turn.now - turn.streamLostNanos) >= turn.settings.electionNanos()) {
                turn.following().ifPresent(leader -> turn.act(new Action.Follow(leader.id(), leader.epoch())));
                turn.askedNanos = turn.now;
            }
        }
    }

    void heartbeat(NodeId from, long clusterId, Message.Heartbeat heartbeat) {
        long epoch = heartbeat.epoch();
        if (epoch < turn.epoch()) {
            turn.send(from, new Message.Stale(turn.epoch()));
            return;
        }
        if (heartbeat.configuration().member(from).isEmpty() || epoch == turn.epoch() && turn.serving()) {
            return;
        }
        if (epoch > turn.epoch()) {
            turn.enterEpoch(epoch, null);
        }
        if (turn.durable().clusterId() == 0 && clusterId != 0) {
            turn.change(turn.durable().ofCluster(clusterId));
        }
        turn.configure(heartbeat.configuration());
        Leader known = turn.leader;
        boolean same = known != null && known.epoch() == epoch;
        if (same && (known.resigned() || heartbeat.sentNanos() - known.sentNanos() <= 0)) {
            return;
        }
        turn.leader = new Leader(
                from,
                epoch,
                heartbeat.ready(),
                heartbeat.ready() || same && known.served(),
                heartbeat.history(),
                turn.now,
                heartbeat.sentNanos(),
                heartbeat.lsn(),
                heartbeat.origin(),
                false,
                null);
        turn.heardNanos = turn.now;
        if (!same) {
            // What failed against the active node before may do with this one.
            turn.askedNanos = turn.now - turn.settings.rejoinRetryNanos();
        }
        turn.candidacy = null;
        if (turn.role == Role.PREVOTE || turn.role == Role.CANDIDATE) {
            turn.role = Role.FOLLOWER;
        }
        turn.send(
                from,
                new Message.HeartbeatAnswer(
                        epoch,
                        heartbeat.sentNanos(),
                        turn.configuration().version(),
                        turn.durable().incarnation(),
                        turn.role,
                        turn.streaming && turn.receivingEpoch == epoch,
                        turn.position,
                        turn.diskFull));
        if (turn.role != Role.REJOINING || turn.database == Database.NONE && turn.rejoinFailures == 0) {
            follow();
        }
    }

    void resignation(NodeId from, Message.Resignation resignation) {
        Leader known = turn.leader;
        if (resignation.epoch() != turn.epoch() || turn.serving() || known != null && known.resigned()) {
            return;
        }
        turn.leader = new Leader(
                from,
                resignation.epoch(),
                false,
                known != null && known.served(),
                known == null ? List.of() : known.history(),
                turn.now,
                known == null ? 0 : known.sentNanos(),
                known == null ? Lsn.ZERO : known.lsn(),
                known == null ? Position.NONE : known.origin(),
                true,
                resignation.successor());
        turn.heardNanos = turn.now;
        turn.campaignNanos = turn.now;
    }

    /**
     * Follows the active node of this epoch, if there is one and this node is a member. One that is not promoted yet can be followed by
     * who has the beginning of its log: the connection is there when the new timeline begins. Others wait for its history.
     */
    private void follow() {
        Optional<Leader> found = turn.following();
        boolean member = turn.configuration().member(turn.self()).isPresent();
        if (turn.durable().kind() == MemberKind.WITNESS || found.isEmpty() || !member) {
            return;
        }
        Leader leader = found.get();
        if (leader.history().isEmpty() && (turn.role == Role.REJOINING || !isBeginning(turn.position, leader))) {
            return;
        }
        if (turn.role == Role.REJOINING) {
            if (turn.database == Database.NONE) {
                rejoin(leader, turn.position.timeline() == 0 || turn.rejoinFailures > 1);
            }
        } else if (turn.receivingEpoch != turn.epoch() && receiverIsStopped()) {
            if (isBeginning(turn.position, leader) || isPartOfHistory(turn.position, leader)) {
                turn.receivingEpoch = turn.epoch();
                turn.streamed = false;
                turn.streaming = false;
                turn.streamLostNanos = turn.now;
                turn.askedNanos = turn.now;
                turn.act(new Action.Follow(leader.id(), leader.epoch()));
            } else if (turn.rejoinFailures == 0 || turn.now - turn.askedNanos >= turn.settings.rejoinRetryNanos()) {
                rejoin(leader, false);
            }
        }
    }

    /** Whether the log up to {@code position} is what the active node had when it was chosen: one timeline has one writer. */
    private static boolean isBeginning(Position position, Leader leader) {
        Position origin = leader.origin();
        return position.timeline() > 0
                && position.timeline() == origin.timeline()
                && position.lsn().compareTo(origin.lsn()) <= 0;
    }

    /** Whether the log up to {@code position} is what the active node has too. */
    private static boolean isPartOfHistory(Position position, Leader leader) {
        if (position.timeline() == leader.epoch()) {
            return true;
        }
        for (TimelineSwitch step : leader.history()) {
            if (step.parent() == position.timeline()) {
                return position.lsn().compareTo(step.lsn()) <= 0;
            }
        }
        return false;
    }

    private void rejoin(Leader leader, boolean copy) {
        turn.change(turn.durable().withData(true));
        turn.role = Role.REJOINING;
        turn.candidacy = null;
        turn.database = Database.REJOINING;
        turn.receivingEpoch = 0;
        turn.streaming = false;
        turn.askedNanos = turn.now;
        turn.act(new Action.Rejoin(leader.id(), leader.epoch(), copy));
    }

    /** True if nothing is received and the position is exact; otherwise stops the receiver if that can be done now. */
    boolean receiverIsStopped() {
        if (turn.durable().kind() == MemberKind.WITNESS) {
            return true;
        }
        if (turn.database != Database.STANDBY) {
            return false;
        }
        if (turn.receivingEpoch == 0) {
            return true;
        }
        turn.database = Database.STOPPING_RECEIVER;
        turn.streaming = false;
        turn.streamed = false;
        turn.act(new Action.StopReceiver(turn.epoch()));
        return false;
    }

    void receiverStopped(Position position) {
        if (turn.database != Database.STOPPING_RECEIVER) {
            return;
        }
        turn.database = Database.STANDBY;
        turn.receivingEpoch = 0;
        turn.position = position;
        proceed();
    }

    void standbyStarted(Event.StandbyStarted started) {
        if (turn.database != Database.STARTING && turn.database != Database.STEPPING_DOWN) {
            return;
        }
        turn.database = Database.STANDBY;
        turn.receivingEpoch = 0;
        turn.position = started.position();
        turn.role = Role.FOLLOWER;
        DurableState durable = turn.durable();
        if (durable.clusterId() == 0) {
            turn.change(durable.ofCluster(started.clusterId()));
        } else if (durable.clusterId() != started.clusterId()) {
            turn.publish(new Notice.ForeignCluster(turn.self(), started.clusterId()));
            dataMissing("its system identifier is " + started.clusterId() + ", expected " + durable.clusterId());
            return;
        }
        proceed();
    }

    /** The receiver has just stopped: follows the active node, or else gives the promise that waits for it. */
    private void proceed() {
        if (turn.position.timeline() > turn.epoch()) {
            turn.enterEpoch(turn.position.timeline(), null);
        }
        if (turn.following().isPresent()) {
            follow();
        } else {
            new Voting(turn).receiverStopped();
        }
    }

    void postgresDied(String reason) {
        if (turn.serving()) {
            turn.publish(new Notice.Failed("PostgreSQL", reason));
            new Serving(turn).resignToNearest();
        } else if (turn.database == Database.STANDBY || turn.database == Database.STOPPING_RECEIVER) {
            turn.publish(new Notice.Failed("PostgreSQL", reason));
            turn.role = Role.FOLLOWER;
            turn.candidacy = null;
            startStandby();
        } else if (turn.database == Database.STARTING || turn.database == Database.STEPPING_DOWN) {
            turn.publish(new Notice.Failed("start of PostgreSQL", reason));
            turn.role = Role.FOLLOWER;
            turn.database = Database.DEAD;
            turn.askedNanos = turn.now;
        }
    }

    void dataMissing(String reason) {
        if (turn.durable().kind() == MemberKind.WITNESS || turn.database == Database.REJOINING) {
            return;
        }
        turn.publish(new Notice.Failed("data of PostgreSQL", reason));
        if (turn.serving()) {
            new Serving(turn).resign(null);
        }
        turn.change(turn.durable().withData(true));
        turn.role = Role.REJOINING;
        turn.candidacy = null;
        turn.database = Database.NONE;
        turn.position = Position.NONE;
        turn.receivingEpoch = 0;
        turn.rejoinFailures = 0;
    }

    private void startStandby() {
        turn.database = Database.STARTING;
        turn.receivingEpoch = 0;
        turn.streaming = false;
        turn.streamed = false;
        turn.askedNanos = turn.now;
        turn.act(new Action.StartStandby());
    }

    void rejoined(Event.Rejoined rejoined) {
        if (turn.database != Database.REJOINING) {
            return;
        }
        turn.change(turn.durable().withData(false));
        turn.role = Role.FOLLOWER;
        turn.database = Database.STANDBY;
        turn.receivingEpoch = rejoined.epoch();
        turn.position = rejoined.position();
        turn.streamed = true;
        turn.streaming = true;
        turn.rejoinFailures = 0;
        follow();
    }

    void rejoinFailed(Event.RejoinFailed failed) {
        if (turn.database != Database.REJOINING) {
            return;
        }
        turn.publish(new Notice.Failed("rejoin", failed.reason()));
        turn.rejoinFailures++;
        if (failed.untouched() && turn.position.timeline() > 0) {
            turn.change(turn.durable().withData(false));
            turn.role = Role.FOLLOWER;
            startStandby();
        } else {
            turn.database = Database.NONE;
            turn.askedNanos = turn.now;
        }
    }

    void probed(Event.Probed probed) {
        if (turn.database != Database.STANDBY || turn.receivingEpoch == 0 || probed.primary()) {
            return;
        }
        turn.position = probed.position();
        if (probed.streaming()) {
            turn.streamed = true;
        } else if (turn.streaming) {
            turn.streamLostNanos = turn.now;
        }
        turn.streaming = probed.streaming();
    }

    void reinit(String id) {
        Optional<Leader> leader = turn.following();
        if (turn.durable().kind() == MemberKind.WITNESS) {
            turn.refuse(id, turn.self() + " is a witness and holds no data", "nothing is to be done");
        } else if (turn.serving() || turn.database == Database.STEPPING_DOWN) {
            turn.refuse(id, turn.self() + " is the active node", "switch over to another node first");
        } else if (turn.database == Database.REJOINING) {
            turn.refuse(id, turn.self() + " is being copied or rewound already", "wait until it has ended");
        } else if (leader.isEmpty()
                || !turn.leaderAlive()
                || leader.get().history().isEmpty()) {
            turn.refuse(id, "there is no active node to copy from", "see cluster explain for why there is none");
        } else {
            turn.accept(id);
            rejoin(leader.get(), true);
        }
    }
}
