package io.holdfast.cluster.election;

import io.holdfast.cluster.election.State.Candidacy;
import io.holdfast.cluster.election.State.Database;
import io.holdfast.cluster.election.State.Leader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Standing for election and promising to others. */
final class Voting {

    /** A forced epoch is at least this much higher than any that its node knows, so that an unseen election cannot have reached it. */
    private static final long FORCED_JUMP = 1000;

    /** A forced epoch is this node's own among the next so many, so that two forced nodes cannot take the same. */
    private static final long FORCED_SLOTS = 64;

    private static final String OPERATOR = "an operator wants it";

    private final Turn turn;

    Voting(Turn turn) {
        this.turn = turn;
    }

    void tick() {
        Candidacy candidacy = turn.candidacy;
        if (candidacy != null) {
            continueCandidacy(candidacy);
        } else if (turn.role == Role.FOLLOWER
                && turn.database == Database.STANDBY
                && turn.durable().kind() == MemberKind.DATA
                && turn.durable().votes()
                && (!turn.configuration().paused() || isSuccessor())
                && turn.now - turn.campaignNanos >= 0) {
            suspect();
        }
    }

    private boolean isSuccessor() {
        Leader leader = turn.leader;
        return leader != null
                && leader.resigned()
                && leader.epoch() == turn.epoch()
                && turn.self().equals(leader.successor());
    }

    private void suspect() {
        Settings settings = turn.settings;
        Leader leader = turn.leader;
        // Whose disk is full lets all others try first.
        long staggered = turn.rank() * settings.staggerNanos() + (turn.diskFull ? settings.electionNanos() : 0);
        if (turn.configuration().majority() == 1) {
            stand(turn.epoch() + 1, "no other node votes");
        } else if (leader != null && leader.resigned() && leader.epoch() == turn.epoch()) {
            long wait = isSuccessor()
                    ? 0
                    : leader.successor() == null ? staggered : staggered + settings.electionNanos() / 2;
            if (turn.silence() >= wait) {
                stand(turn.epoch() + 1, leader.id() + " resigned");
            }
        } else if (turn.silence() >= settings.electionNanos() + staggered) {
            askWhetherToStand(false);
        } else if (settings.streamLostNanos() > 0
                && leader != null
                && turn.streamed
                && !turn.streaming
                && turn.silence() >= settings.streamLostNanos() + staggered) {
            askWhetherToStand(true);
        }
    }

    private void askWhetherToStand(boolean streamLost) {
        turn.role = Role.PREVOTE;
        Candidacy candidacy =
                new Candidacy(turn.epoch() + 1, turn.now, turn.now, streamLost, Set.of(turn.self()), Map.of());
        turn.candidacy = candidacy;
        askForPrevotes(candidacy);
    }

    private void askForPrevotes(Candidacy candidacy) {
        for (NodeId voter : turn.configuration().voters()) {
            if (!candidacy.grants().contains(voter)) {
                turn.send(voter, new Message.PrevoteRequest(candidacy.epoch(), candidacy.streamLost()));
            }
        }
    }

    private void continueCandidacy(Candidacy candidacy) {
        if (turn.now - candidacy.startedNanos() >= patience(candidacy)) {
            turn.role = Role.FOLLOWER;
            turn.candidacy = null;
            turn.campaignNanos = turn.now + (1 + turn.rank()) * turn.settings.staggerNanos();
            return;
        }
        // who refused may miss the active node by now, too
        long pause = turn.settings.heartbeatNanos() / (turn.role == Role.PREVOTE ? 2 : 1);
        if (turn.now - candidacy.sentNanos() >= pause) {
            turn.candidacy = new Candidacy(
                    candidacy.epoch(),
                    candidacy.startedNanos(),
                    turn.now,
                    candidacy.streamLost(),
                    candidacy.grants(),
                    candidacy.promises());
            if (turn.role == Role.PREVOTE) {
                askForPrevotes(candidacy);
            } else {
                ask(candidacy);
            }
        }
    }

    /**
     * How long to stand. Longer while only its own receiver is awaited: another epoch would begin by stopping that same receiver, and find
     * the others no sooner ready.
     */
    private long patience(Candidacy candidacy) {
        long election = turn.settings.electionNanos();
        if (turn.role == Role.PREVOTE) {
            return election * 3 / 10;
        }
        return candidacy.promises().containsKey(turn.self()) ? election / 2 : election * 2;
    }

    /** Asks those who have not promised yet, or tells the nominee again. */
    private void ask(Candidacy candidacy) {
        Configuration newest = newest(candidacy);
        NodeId nominee = turn.durable().nominated();
        if (nominee != null) {
            turn.send(nominee, new Message.Nomination(turn.epoch(), newest));
            return;
        }
        for (NodeId voter : newest.voters()) {
            if (!voter.equals(turn.self()) && !candidacy.promises().containsKey(voter)) {
                turn.send(voter, new Message.PromiseRequest(turn.epoch()));
            }
        }
    }

    /** Changes nothing but the answer. */
    void prevoteRequest(NodeId from, Message.PrevoteRequest request) {
        if (turn.serving()) {
            new Serving(turn).heartbeat(from);
            return;
        }
        boolean knowsSender =
                turn.configuration().member(from).map(Member::voting).orElse(false);
        if (!knowsSender) {
            return;
        }
        if (request.epoch() <= turn.epoch()) {
            turn.send(from, new Message.Stale(turn.epoch()));
            return;
        }
        turn.send(
                from,
                new Message.PrevoteAnswer(request.epoch(), canVote() && missesActive(from, request.streamLost())));
    }

    private boolean missesActive(NodeId from, boolean streamLost) {
        Leader leader = turn.leader;
        Settings settings = turn.settings;
        boolean promisedToAnother = !from.equals(turn.durable().promisedTo())
                && turn.promisedNanos - turn.heardNanos > 0
                && turn.now - turn.promisedNanos < settings.electionNanos() * 3 / 10;
        if (promisedToAnother) {
            return false;
        }
        if (leader != null && leader.resigned() && leader.epoch() == turn.epoch()) {
            return true;
        }
        boolean lostToo = streamLost
                && settings.streamLostNanos() > 0
                && (turn.durable().kind() == MemberKind.WITNESS || !turn.streaming)
                && turn.silence() >= settings.streamLostNanos() * 3 / 4;
        return lostToo || turn.silence() >= settings.electionNanos() * 3 / 4;
    }

    private boolean canVote() {
        return turn.durable().votes()
                && (turn.role == Role.WITNESS
                        || turn.database == Database.STANDBY
                        || turn.database == Database.STOPPING_RECEIVER);
    }

    void prevoteAnswer(NodeId from, Message.PrevoteAnswer answer) {
        Candidacy candidacy = turn.candidacy;
        if (turn.role != Role.PREVOTE
                || candidacy == null
                || candidacy.epoch() != answer.epoch()
                || !answer.granted()) {
            return;
        }
        Set<NodeId> grants = new HashSet<>(candidacy.grants());
        grants.add(from);
        turn.candidacy = new Candidacy(
                candidacy.epoch(),
                candidacy.startedNanos(),
                candidacy.sentNanos(),
                candidacy.streamLost(),
                grants,
                Map.of());
        if (turn.configuration().isMajority(grants)) {
            stand(candidacy.epoch(), missed(candidacy));
        }
    }

    private String missed(Candidacy candidacy) {
        Leader leader = turn.leader;
        String silent = "nothing was heard of " + (leader == null ? "an active node" : leader.id()) + " for "
                + turn.silence() / 1_000_000 + " ms";
        return candidacy.streamLost() ? "the stream of its log was lost, and " + silent : silent;
    }

    /** Becomes a candidate: promises to itself, asks the others. */
    private void stand(long epoch, String reason) {
        turn.enterEpoch(epoch, turn.self());
        Candidacy candidacy = new Candidacy(epoch, turn.now, turn.now, false, Set.of(), Map.of());
        turn.role = Role.CANDIDATE;
        turn.candidacy = candidacy;
        turn.leader = null;
        turn.promisedNanos = turn.now;
        ask(candidacy);
        if (new Following(turn).receiverIsStopped()) {
            promiseTo(turn.self());
        }
        turn.publish(new Notice.Stands(epoch, reason));
    }

    void promiseRequest(NodeId from, Message.PromiseRequest request) {
        boolean knowsSender =
                turn.configuration().member(from).map(Member::voting).orElse(false);
        long epoch = request.epoch();
        if (!knowsSender) {
            if (turn.serving()) {
                new Serving(turn).heartbeat(from);
            }
            return;
        }
        boolean again = epoch == turn.epoch() && from.equals(turn.durable().promisedTo());
        if (epoch <= turn.epoch() && !again) {
            turn.send(from, new Message.Stale(turn.epoch()));
            if (epoch == turn.epoch()) {
                settle(from);
            }
            return;
        }
        if (!turn.durable().votes()) {
            return;
        }
        if (!again) {
            turn.enterEpoch(epoch, from);
            turn.leader = null;
            turn.promisedNanos = turn.now;
            turn.campaignNanos =
                    turn.now + turn.settings.electionNanos() / 2 + turn.rank() * turn.settings.staggerNanos();
        }
        boolean followsAlready = turn.leader != null && turn.leader.epoch() == epoch;
        boolean idle = turn.role == Role.WITNESS || turn.role == Role.FOLLOWER;
        if (idle && !followsAlready && new Following(turn).receiverIsStopped()) {
            promiseTo(from);
        }
    }

    /**
     * Two stand in one epoch, have promised to themselves, and may both wait in vain. Who comes first in order stands again, in an epoch
     * that the other has not promised in; the other leaves it to that one.
     */
    private void settle(NodeId rival) {
        if (turn.role != Role.CANDIDATE || turn.durable().nominated() != null) {
            return;
        }
        if (turn.comesBefore(rival)) {
            stand(turn.epoch() + 1, rival + " stood in the same epoch");
        } else {
            turn.role = Role.FOLLOWER;
            turn.candidacy = null;
            turn.campaignNanos = turn.now + turn.settings.electionNanos() / 2;
        }
    }

    /** The receiver is stopped and the position is exact. */
    void receiverStopped() {
        NodeId candidate = turn.durable().promisedTo();
        boolean waiting = turn.role == Role.FOLLOWER || turn.role == Role.CANDIDATE;
        if (candidate != null && waiting && turn.durable().votes()) {
            promiseTo(candidate);
        }
    }

    /** Never with a timeline of this epoch or a later one: such an epoch has its active node already, though its word has not come. */
    private void promiseTo(NodeId candidate) {
        if (turn.position.timeline() >= turn.epoch()) {
            turn.enterEpoch(turn.position.timeline(), null);
            return;
        }
        Message.Promise promise =
                new Message.Promise(turn.epoch(), turn.durable().incarnation(), turn.position, turn.configuration());
        if (!candidate.equals(turn.self())) {
            turn.send(candidate, promise);
        } else {
            promise(candidate, promise);
        }
    }

    void promise(NodeId from, Message.Promise promise) {
        Candidacy candidacy = turn.candidacy;
        if (turn.role != Role.CANDIDATE
                || candidacy == null
                || candidacy.epoch() != promise.epoch()
                || turn.durable().nominated() != null) {
            return;
        }
        Map<NodeId, Message.Promise> promises = new HashMap<>(candidacy.promises());
        promises.put(from, promise);
        Candidacy next = new Candidacy(
                candidacy.epoch(),
                candidacy.startedNanos(),
                candidacy.sentNanos(),
                candidacy.streamLost(),
                candidacy.grants(),
                promises);
        turn.candidacy = next;
        choose(next);
    }

    private Configuration newest(Candidacy candidacy) {
        Configuration newest = turn.configuration();
        for (Message.Promise promise : candidacy.promises().values()) {
            if (promise.configuration().version().compareTo(newest.version()) > 0) {
                newest = promise.configuration();
            }
        }
        return newest;
    }

    /** With promises of a quorum of the newest configuration among them, the newest state of those in sync is the newest of all. */
    private void choose(Candidacy candidacy) {
        Configuration newest = newest(candidacy);
        Map<NodeId, Message.Promise> counted = new HashMap<>(candidacy.promises());
        counted.entrySet()
                .removeIf(entry -> !newest.member(entry.getKey())
                        .map(member -> member.votesAs(entry.getValue().incarnation()))
                        .orElse(false));
        if (!newest.isElectionQuorum(counted.keySet())) {
            return;
        }
        Optional<Member> best = newest.members().stream()
                .filter(member -> newest.inSync().contains(member.id()) && counted.containsKey(member.id()))
                .max((one, other) -> {
                    int newer = position(counted, one).compareTo(position(counted, other));
                    return newer != 0 ? newer : preference(one, other);
                });
        if (best.isEmpty() || position(counted, best.get()).timeline() == 0) {
            return;
        }
        NodeId nominee = best.get().id();
        if (nominee.equals(turn.self())) {
            new Serving(turn).promote(newest);
        } else {
            turn.change(turn.durable().nominating(nominee));
            turn.send(nominee, new Message.Nomination(turn.epoch(), newest));
        }
    }

    private static Position position(Map<NodeId, Message.Promise> promises, Member member) {
        Message.Promise promise = promises.get(member.id());
        return promise == null ? Position.NONE : promise.position();
    }

    /** Between equally new ones: the candidate itself, which saves a message; then the higher priority; then the lower id. */
    private int preference(Member one, Member other) {
        if (one.id().equals(turn.self()) || other.id().equals(turn.self())) {
            return one.id().equals(turn.self()) ? 1 : -1;
        }
        int byPriority = Integer.compare(one.priority(), other.priority());
        return byPriority != 0 ? byPriority : other.id().compareTo(one.id());
    }

    void nomination(NodeId from, Message.Nomination nomination) {
        if (nomination.epoch() < turn.epoch()) {
            turn.send(from, new Message.Stale(turn.epoch()));
            return;
        }
        boolean mine =
                nomination.epoch() == turn.epoch() && from.equals(turn.durable().promisedTo());
        boolean untouched = turn.role == Role.FOLLOWER
                && turn.database == Database.STANDBY
                && turn.receivingEpoch == 0
                && (turn.leader == null || turn.leader.epoch() < turn.epoch());
        if (mine
                && untouched
                && !turn.durable().dataIncomplete()
                && turn.durable().promotedEpoch() < turn.epoch()) {
            new Serving(turn).promote(nomination.configuration());
        }
    }

    void stale(Message.Stale stale) {
        boolean concerned = turn.serving() || turn.role == Role.PREVOTE || turn.role == Role.CANDIDATE;
        if (concerned && stale.epoch() > turn.epoch()) {
            turn.enterEpoch(stale.epoch(), null);
            turn.campaignNanos = turn.now + turn.rank() * turn.settings.staggerNanos();
        }
    }

    void campaign(String id) {
        Optional<Refusal> refusal = unableToStand();
        if (refusal.isPresent()) {
            turn.refuse(id, refusal.get());
        } else if (!turn.durable().votes()) {
            turn.refuse(
                    id,
                    turn.self() + " is not a voting member of the cluster",
                    "let a voting member stand, or force " + turn.self() + " if the others are lost");
        } else {
            turn.accept(id);
            stand(turn.epoch() + 1, OPERATOR);
        }
    }

    void force(Event.Force force) {
        Optional<Refusal> refusal = unableToStand();
        if (refusal.isPresent()) {
            turn.refuse(force.id(), refusal.get());
            return;
        }
        Configuration present = turn.configuration();
        if (force.lost().contains(turn.self()) || !present.voters().containsAll(force.lost())) {
            turn.refuse(
                    force.id(),
                    "lost can only be other voters than " + turn.self() + " of " + present.voters() + ", found: "
                            + force.lost(),
                    "name the voters that are down");
            return;
        }
        Set<NodeId> lost = new HashSet<>(force.lost());
        if (lost.isEmpty()) {
            lost.addAll(present.voters());
            lost.remove(turn.self());
        }
        List<Member> members = present.members().stream()
                .map(member -> member.id().equals(turn.self())
                        ? member.voter(turn.durable().incarnation())
                        : lost.contains(member.id()) ? member.observer() : member)
                .toList();
        long epoch = forcedEpoch();
        Configuration forced = present.replacing(new ConfigurationVersion(epoch, 0), members, turn.self());
        turn.accept(force.id());
        turn.enterEpoch(epoch, turn.self());
        turn.configure(forced);
        turn.publish(new Notice.Forced(epoch, forced));
        stand(epoch, OPERATOR);
    }

    private long forcedEpoch() {
        List<Member> members = turn.configuration().members();
        long slot = 0;
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).id().equals(turn.self())) {
                slot = i % FORCED_SLOTS;
            }
        }
        long least = turn.epoch() + FORCED_JUMP;
        return least + Math.floorMod(slot - least, FORCED_SLOTS);
    }

    private Optional<Refusal> unableToStand() {
        if (turn.serving()) {
            return Optional.of(new Refusal(turn.self() + " is active already", "nothing is to be done"));
        }
        if (turn.durable().kind() == MemberKind.WITNESS) {
            return Optional.of(
                    new Refusal(turn.self() + " is a witness and holds no data", "name a node that has a PostgreSQL"));
        }
        if (turn.leaderAlive()) {
            return Optional.of(new Refusal(
                    turn.following().map(leader -> leader.id().value()).orElse("another node")
                            + " is active and answers",
                    "use switchover, which loses nothing"));
        }
        boolean ready = turn.role == Role.FOLLOWER || turn.role == Role.PREVOTE || turn.role == Role.CANDIDATE;
        if (!ready || turn.database != Database.STANDBY && turn.database != Database.STOPPING_RECEIVER) {
            return Optional.of(new Refusal(
                    "PostgreSQL of " + turn.self() + " is no running standby: " + turn.database,
                    "wait until it has started, or choose another node"));
        }
        if (turn.configuration().member(turn.self()).isEmpty()) {
            return Optional.of(new Refusal(
                    turn.self() + " is not a member of the cluster", "choose a member, or join this node first"));
        }
        return Optional.empty();
    }
}
