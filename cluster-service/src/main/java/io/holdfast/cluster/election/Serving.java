package io.holdfast.cluster.election;

import io.holdfast.cluster.election.State.Change;
import io.holdfast.cluster.election.State.Change.Phase;
import io.holdfast.cluster.election.State.Database;
import io.holdfast.cluster.election.State.Handover;
import io.holdfast.cluster.election.State.Peer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the active node does: heartbeats, the lease, the configuration, handing over. */
final class Serving {

    /** A standby that is further behind, in bytes, is not near enough to hand over to or to wait for. */
    private static final long NEAR_BYTES = 16L << 20;

    private final Turn turn;

    Serving(Turn turn) {
        this.turn = turn;
    }

    /** This node is chosen. @param newest of the configurations of those who promised */
    void promote(Configuration newest) {
        long epoch = turn.epoch();
        Configuration mine = turn.configuration();
        Configuration effective = newest.version().compareTo(mine.version()) > 0 ? newest : mine;
        turn.change(turn.durable().promoting());
        turn.role = Role.ACTIVE_STARTING;
        turn.database = Database.PROMOTING;
        turn.candidacy = null;
        turn.leader = null;
        turn.probedNanos = turn.now;
        turn.configure(effective.at(new ConfigurationVersion(epoch, 0)));
        SyncSetting sync = turn.configuration().syncSetting(turn.self());
        turn.activity = new Draft(turn.now, turn.position, sync);
        turn.act(new Action.Promote(epoch, sync));
        heartbeats();
    }

    void promoted(Event.Promoted promoted) {
        Draft serving = turn.activity;
        if (turn.role != Role.ACTIVE_STARTING || serving == null || promoted.epoch() != turn.epoch()) {
            return;
        }
        turn.database = Database.PRIMARY;
        turn.position = new Position(promoted.epoch(), promoted.lsn());
        turn.probedNanos = turn.now;
        serving.promoted = true;
        serving.lsn = promoted.lsn();
        int from = Math.max(0, promoted.history().size() - State.HISTORY);
        serving.history = promoted.history().subList(from, promoted.history().size());
        heartbeats();
        askForCommit(serving);
    }

    /**
     * With a witness the first commit waits for every node that is in sync, and PostgreSQL's setting cannot change while it waits: so each
     * of them must stream, or must not be in sync any more, before it begins. Without a witness a majority is enough.
     */
    private void askForCommit(Draft serving) {
        if (turn.role != Role.ACTIVE_STARTING || !serving.promoted || serving.commitAsked) {
            return;
        }
        Configuration present = turn.configuration();
        if (!present.hasWitness() || serving.standbys.keySet().containsAll(serving.sync.standbys())) {
            serving.commitAsked = true;
            turn.act(new Action.CommitEpoch(turn.epoch()));
        } else if (!isBusy(serving) && isStored(serving, present, present)) {
            Set<NodeId> inSync = new TreeSet<>(present.inSync());
            if (inSync.removeIf(id -> !id.equals(turn.self()) && isAway(serving, id))) {
                propose(serving, present.withInSync(present.version().next(), inSync));
            }
        }
    }

    void promotionFailed(Event.PromotionFailed failed) {
        if (turn.role == Role.ACTIVE_STARTING && failed.epoch() == turn.epoch()) {
            turn.publish(new Notice.Failed("promotion", failed.reason()));
            resign(null);
        }
    }

    void epochCommitted(long epoch) {
        Draft serving = turn.activity;
        if (turn.role == Role.ACTIVE_STARTING && serving != null && epoch == turn.epoch()) {
            serving.committed = true;
            becomeReady(serving);
            extendLease(serving);
        }
    }

    /** Not before a majority has stored the configuration in this epoch: only then may it be changed again. */
    private void becomeReady(Draft serving) {
        if (turn.role == Role.ACTIVE_STARTING
                && serving.committed
                && isStored(serving, turn.configuration(), turn.configuration())) {
            turn.role = Role.ACTIVE;
            heartbeats();
        }
    }

    void tick() {
        Draft serving = turn.activity;
        if (serving == null) {
            return;
        }
        extendLease(serving);
        long probeAge = turn.now - turn.probedNanos;
        if (serving.promoted && probeAge >= turn.settings.probeStaleNanos() && somebodyCouldTakeOver(serving)) {
            turn.publish(new Notice.Failed("PostgreSQL", "it has not answered for " + probeAge / 1_000_000 + " ms"));
            resignToNearest();
            return;
        }
        Optional<NodeId> successor = turn.diskFull ? successorWithRoom(serving) : Optional.empty();
        if (successor.isPresent()) {
            turn.publish(new Notice.Failed("PostgreSQL", "its disk is full; " + successor.get() + " has room"));
            resign(successor.get());
            return;
        }
        if (isAlone(serving) && !turn.configuration().paused()) {
            resign(null);
            return;
        }
        continueHandover(serving);
        if (turn.activity == null) {
            return;
        }
        continueChange(serving);
        askForCommit(serving);
        tend(serving);
        if (turn.now - serving.heartbeatNanos >= turn.settings.heartbeatNanos()) {
            heartbeats();
        }
    }

    /**
     * Half an election timeout after the lease: by then whoever misses this node stands already, so little is lost where the network comes
     * back. Those who still hear it, though it does not hear them, wait for its word.
     */
    private boolean isAlone(Draft serving) {
        return turn.now - serving.leaseUntilNanos >= turn.settings.electionNanos() / 2;
    }

    /** To resign helps only then: on a busy machine alone, one epoch would follow the other. */
    private boolean somebodyCouldTakeOver(Draft serving) {
        return serving.leaseUntilNanos - turn.now > 0
                && turn.configuration().inSync().stream()
                        .anyMatch(id -> !id.equals(turn.self()) && isFresh(serving, id));
    }

    /**
     * Who can take over from a node whose disk is full: a standby that is in sync, near, and has room itself. None in a pause; and none
     * so soon after the last election that full disks, one after the other, could make one epoch follow the other.
     */
    private Optional<NodeId> successorWithRoom(Draft serving) {
        boolean settled = turn.role == Role.ACTIVE
                && serving.leaseUntilNanos - turn.now > 0
                && turn.now - serving.startedNanos >= turn.settings.electionNanos();
        if (!settled || turn.configuration().paused()) {
            return Optional.empty();
        }
        return nearest(serving).filter(id -> hasRoom(serving, id)).max(mostLog(serving));
    }

    private Stream<NodeId> nearest(Draft serving) {
        return turn.configuration().inSync().stream().filter(id -> !id.equals(turn.self()) && isNear(serving, id));
    }

    private static Comparator<NodeId> mostLog(Draft serving) {
        return Comparator.comparing((NodeId id) -> serving.standbys.getOrDefault(id, Lsn.ZERO))
                .thenComparing(Comparator.reverseOrder());
    }

    private static boolean hasRoom(Draft serving, NodeId node) {
        Peer peer = serving.peers.get(node);
        return peer != null && !peer.diskFull();
    }

    void heartbeats() {
        Draft serving = turn.activity;
        if (serving == null) {
            return;
        }
        serving.heartbeatNanos = turn.now;
        Set<NodeId> all = new TreeSet<>(serving.dismissed);
        turn.configuration().members().forEach(member -> all.add(member.id()));
        all.remove(turn.self());
        all.forEach(this::heartbeat);
    }

    void heartbeat(NodeId to) {
        Draft serving = turn.activity;
        if (serving != null) {
            turn.send(
                    to,
                    new Message.Heartbeat(
                            turn.epoch(),
                            turn.role == Role.ACTIVE && serving.handover == null,
                            serving.history,
                            turn.now,
                            serving.lsn,
                            serving.origin,
                            turn.configuration()));
        }
    }

    void answer(NodeId from, Message.HeartbeatAnswer answer) {
        Draft serving = turn.activity;
        if (serving == null || answer.epoch() != turn.epoch()) {
            return;
        }
        Peer known = serving.peers.get(from);
        if (known != null && answer.echoedNanos() - known.echoedNanos() <= 0) {
            return;
        }
        serving.peer(
                from,
                new Peer(
                        answer.echoedNanos(),
                        turn.now,
                        answer.configuration(),
                        answer.incarnation(),
                        answer.role(),
                        answer.streaming(),
                        answer.position(),
                        answer.diskFull()));
        if (turn.configuration().member(from).isEmpty()
                && answer.configuration().compareTo(turn.configuration().version()) >= 0) {
            serving.forget(from);
        }
        becomeReady(serving);
        extendLease(serving);
        continueChange(serving);
    }

    private void extendLease(Draft serving) {
        List<Long> echoed = new ArrayList<>();
        for (Member member : turn.configuration().members()) {
            Peer peer = serving.peers.get(member.id());
            if (member.voting() && member.id().equals(turn.self())) {
                echoed.add(turn.now);
            } else if (peer != null && member.votesAs(peer.incarnation())) {
                echoed.add(peer.echoedNanos());
            }
        }
        int majority = turn.configuration().majority();
        if (echoed.size() >= majority) {
            echoed.sort(Comparator.reverseOrder());
            long until = echoed.get(majority - 1) + turn.settings.leaseNanos();
            if (until - serving.leaseUntilNanos > 0) {
                serving.leaseUntilNanos = until;
            }
        }
        boolean valid = turn.role == Role.ACTIVE && serving.leaseUntilNanos - turn.now > 0;
        if (valid != serving.leaseValid) {
            serving.leaseValid = valid;
            turn.publish(new Notice.LeaseChanged(turn.epoch(), valid));
        }
    }

    void probed(Event.Probed probed) {
        Draft serving = turn.activity;
        if (serving == null || !serving.promoted || !probed.primary()) {
            return;
        }
        serving.lsn = probed.position().lsn();
        serving.standbys = probed.standbys();
        turn.position = probed.position();
        Map<NodeId, Long> away = new HashMap<>();
        for (NodeId standby : serving.sync.standbys()) {
            if (!probed.standbys().containsKey(standby)) {
                away.put(standby, serving.awayNanos.getOrDefault(standby, turn.now));
            }
        }
        serving.awayNanos = Map.copyOf(away);
        continueHandover(serving);
        if (turn.activity != null) {
            continueChange(serving);
            askForCommit(serving);
        }
    }

    /** Tells the others to elect at once, then steps down. @param successor who shall stand first, or null */
    void resign(@Nullable NodeId successor) {
        for (NodeId voter : turn.configuration().voters()) {
            if (!voter.equals(turn.self())) {
                turn.send(voter, new Message.Resignation(turn.epoch(), successor));
            }
        }
        turn.stepDown();
    }

    /**
     * Names who shall stand first, so that two do not stand at once and cost each other a round. Nobody in a pause: there an operator
     * decides.
     */
    void resignToNearest() {
        Draft serving = turn.activity;
        resign(
                serving == null || turn.configuration().paused()
                        ? null
                        : turn.configuration().inSync().stream()
                                .filter(id -> !id.equals(turn.self()) && isFresh(serving, id))
                                .filter(id -> lastKnown(serving, id)
                                        .filter(lsn -> serving.lsn.minus(lsn) <= NEAR_BYTES)
                                        .isPresent())
                                .max(Comparator.comparing((NodeId id) -> hasRoom(serving, id))
                                        .thenComparing(
                                                id -> lastKnown(serving, id).orElse(Lsn.ZERO))
                                        .thenComparing(Comparator.reverseOrder()))
                                .orElse(null));
    }

    /**
     * How much of the log a standby has: by the last look at PostgreSQL, or else by the standby's own answer. What serves the standbys can
     * end before what answers that look, which then sees none of them.
     */
    private Optional<Lsn> lastKnown(Draft serving, NodeId standby) {
        Lsn flushed = serving.standbys.get(standby);
        if (flushed != null) {
            return Optional.of(flushed);
        }
        return Optional.ofNullable(serving.peers.get(standby))
                .filter(peer -> peer.role() == Role.FOLLOWER)
                .map(Peer::position)
                .filter(position -> position.timeline() == turn.epoch())
                .map(Position::lsn);
    }

    // Handing over

    private void switchOver(Event.Switchover request) {
        Draft serving = turn.activity;
        if (serving == null || turn.role != Role.ACTIVE || serving.leaseUntilNanos - turn.now <= 0) {
            refuseNotActive(request.id());
            return;
        }
        if (isBusy(serving)) {
            refuseBusy(request.id(), serving);
            return;
        }
        NodeId wanted = request.target();
        Set<NodeId> near = new TreeSet<>();
        for (NodeId standby : turn.configuration().inSync()) {
            if (!standby.equals(turn.self()) && isNear(serving, standby)) {
                near.add(standby);
            }
        }
        if (wanted != null && !near.contains(wanted)) {
            turn.refuse(request.id(), why(serving, wanted), instead(wanted, near));
            return;
        }
        Optional<NodeId> target = near.stream()
                .filter(id -> wanted == null || id.equals(wanted))
                .max(Comparator.comparingInt((NodeId id) -> turn.configuration()
                                .member(id)
                                .map(Member::priority)
                                .orElse(0))
                        .thenComparing(id -> serving.standbys.getOrDefault(id, Lsn.ZERO)));
        if (target.isEmpty()) {
            turn.refuse(request.id(), "no standby is in sync", "wait until one streams, see cluster status");
            return;
        }
        serving.handover = new Handover(request.id(), target.get(), turn.now, null);
        // whoever sends clients here stops now: those that come back while the others are cut off hold that up
        heartbeats();
        turn.act(new Action.Drain(turn.epoch()));
    }

    /** @param near who could take over */
    private String instead(NodeId wanted, Set<NodeId> near) {
        if (turn.configuration().member(wanted).isEmpty() || wanted.equals(turn.self())) {
            return near.isEmpty() ? "see cluster status for the members" : "name one of " + listed(near);
        }
        return near.isEmpty()
                ? "no standby is in sync: wait until one streams, see cluster status"
                : "wait until it is in sync, or take one of " + listed(near);
    }

    private static String listed(Set<NodeId> nodes) {
        return nodes.stream().map(NodeId::toString).sorted().collect(Collectors.joining(", "));
    }

    private String why(Draft serving, NodeId wanted) {
        if (wanted.equals(turn.self())) {
            return wanted + " is the active node already";
        }
        Optional<Member> member = turn.configuration().member(wanted);
        if (member.isEmpty()) {
            return wanted + " is not a member of the cluster";
        }
        if (member.get().kind() == MemberKind.WITNESS) {
            return wanted + " is a witness and holds no data";
        }
        if (!turn.configuration().inSync().contains(wanted)) {
            return wanted + " is not in sync: in sync are "
                    + new TreeSet<>(turn.configuration().inSync());
        }
        Lsn flushed = serving.standbys.get(wanted);
        return flushed == null
                ? wanted + " does not stream"
                : wanted + " is " + serving.lsn.minus(flushed) + " bytes behind, or does not answer";
    }

    /** Streams, answers and is not far behind. */
    private boolean isNear(Draft serving, NodeId standby) {
        Lsn flushed = serving.standbys.get(standby);
        return flushed != null && isFresh(serving, standby) && serving.lsn.minus(flushed) <= NEAR_BYTES;
    }

    private boolean isFresh(Draft serving, NodeId node) {
        Peer peer = serving.peers.get(node);
        return peer != null && turn.now - peer.heardNanos() < turn.settings.electionNanos();
    }

    void drained(Event.Drained drained) {
        Draft serving = turn.activity;
        Handover handover = serving == null ? null : serving.handover;
        if (serving != null && handover != null && drained.epoch() == turn.epoch()) {
            serving.handover =
                    new Handover(handover.requestId(), handover.target(), handover.startedNanos(), drained.lsn());
            continueHandover(serving);
        }
    }

    private void continueHandover(Draft serving) {
        Handover handover = serving.handover;
        if (handover == null) {
            return;
        }
        Lsn drained = handover.drained();
        Lsn flushed = serving.standbys.getOrDefault(handover.target(), Lsn.ZERO);
        if (drained != null && flushed.compareTo(drained) >= 0) {
            serving.handover = null;
            turn.accept(handover.requestId());
            resign(handover.target());
        } else if (turn.now - handover.startedNanos() >= turn.settings.switchoverNanos()) {
            serving.handover = null;
            String reason = drained == null
                    ? "the clients' writes did not end in time"
                    : handover.target() + " has " + flushed + " and must have " + drained;
            turn.act(new Action.Undrain(turn.epoch()));
            heartbeats();
            turn.publish(new Notice.SwitchoverAborted(turn.epoch(), reason));
            turn.refuse(handover.requestId(), reason, "look at its lag in cluster status, then try again");
        }
    }

    // The configuration

    void requested(Event.Request request) {
        if (request instanceof Event.Switchover switchover) {
            switchOver(switchover);
            return;
        }
        Draft serving = turn.activity;
        if (serving == null || turn.role != Role.ACTIVE) {
            refuseNotActive(request.id());
            return;
        }
        if (isBusy(serving)) {
            refuseBusy(request.id(), serving);
            return;
        }
        Configuration present = turn.configuration();
        ConfigurationVersion next = present.version().next();
        if (request instanceof Event.SetPaused setPaused) {
            turn.accept(request.id());
            if (setPaused.paused() != present.paused()) {
                propose(serving, present.withPaused(next, setPaused.paused()));
            }
        } else if (request instanceof Event.Join join) {
            join(serving, join);
        } else if (request instanceof Event.Leave leave) {
            leave(serving, leave);
        }
    }

    private void join(Draft serving, Event.Join join) {
        Configuration present = turn.configuration();
        if (present.member(join.node()).isPresent()) {
            turn.refuse(
                    join.id(),
                    join.node() + " is a member already",
                    "nothing is to be done; to exchange the machine, let the old one leave first");
            return;
        }
        turn.accept(join.id());
        List<Member> members = new ArrayList<>(present.members());
        members.add(Member.joining(join.node(), join.kind(), join.priority()));
        serving.forget(join.node());
        propose(serving, present.replacing(present.version().next(), members, turn.self()));
    }

    private void leave(Draft serving, Event.Leave leave) {
        Configuration present = turn.configuration();
        Optional<Member> leaving = present.member(leave.node());
        if (leaving.isEmpty()) {
            turn.refuse(leave.id(), leave.node() + " is not a member", "see cluster status for the members");
            return;
        }
        if (leave.node().equals(turn.self())) {
            turn.refuse(leave.id(), leave.node() + " is the active node", "switch over to another node first");
            return;
        }
        List<Member> members = new ArrayList<>(present.members());
        members.remove(leaving.get());
        Configuration without = present.replacing(present.version().next(), members, turn.self());
        if (!present.inSync().containsAll(without.inSync())) {
            turn.refuse(
                    leave.id(),
                    "without the witness " + leave.node() + " all data nodes must be in sync; in sync are "
                            + new TreeSet<>(present.inSync()),
                    "wait until the other data nodes are in sync, or let them leave first");
            return;
        }
        turn.accept(leave.id());
        propose(serving, without);
    }

    private void propose(Draft serving, Configuration to) {
        Configuration from = turn.configuration();
        SyncSetting sync = to.syncSetting(turn.self());
        if (sync.required() > serving.sync.required()
                || !serving.sync.standbys().containsAll(sync.standbys())) {
            serving.change = new Change(from, to, Phase.STRENGTHENING, Lsn.ZERO, turn.now);
            setSync(serving, sync);
        } else {
            store(serving, new Change(from, to, Phase.STORING, Lsn.ZERO, turn.now));
        }
    }

    private void store(Draft serving, Change change) {
        serving.change = change;
        for (Member member : change.from().members()) {
            if (change.to().member(member.id()).isEmpty()) {
                serving.dismiss(member.id());
            }
        }
        turn.configure(change.to());
        heartbeats();
        continueChange(serving);
    }

    private void setSync(Draft serving, SyncSetting sync) {
        serving.syncsPending++;
        turn.act(new Action.SetSync(sync));
    }

    void syncApplied(Event.SyncApplied applied) {
        Draft serving = turn.activity;
        if (serving == null || !serving.promoted) {
            return;
        }
        serving.sync = applied.setting();
        serving.syncsPending = Math.max(0, serving.syncsPending - 1);
        Change change = serving.change;
        if (change != null
                && change.phase() == Phase.STRENGTHENING
                && applied.setting().equals(change.to().syncSetting(turn.self()))) {
            serving.change =
                    new Change(change.from(), change.to(), Phase.CATCHING_UP, applied.lsn(), change.startedNanos());
            continueChange(serving);
        }
    }

    private void continueChange(Draft serving) {
        Change change = serving.change;
        if (change == null) {
            return;
        }
        SyncSetting sync = change.to().syncSetting(turn.self());
        if (change.phase() == Phase.STORING) {
            if (isStored(serving, change.from(), change.to())) {
                serving.change = null;
                if (!sync.equals(serving.sync)) {
                    setSync(serving, sync);
                }
            }
            return;
        }
        long caughtUp = sync.standbys().stream()
                .map(id -> serving.standbys.getOrDefault(id, Lsn.ZERO))
                .filter(flushed -> flushed.compareTo(change.barrier()) >= 0)
                .count();
        if (change.phase() == Phase.CATCHING_UP && caughtUp >= sync.required()) {
            store(serving, new Change(change.from(), change.to(), Phase.STORING, change.barrier(), turn.now));
        } else if (turn.now - change.startedNanos() >= turn.settings.outOfSyncNanos()) {
            // Nobody has stored the new configuration yet, so the old setting is still enough.
            serving.change = null;
            serving.tendNanos = turn.now + turn.settings.rejoinRetryNanos();
            setSync(serving, change.from().syncSetting(turn.self()));
            turn.publish(
                    new Notice.Failed("change of the configuration", sync.standbys() + " did not catch up in time"));
        }
    }

    /** Whether a majority of the voters of both has stored {@code to}, or what came after it. */
    private boolean isStored(Draft serving, Configuration from, Configuration to) {
        Map<NodeId, Long> stored = new HashMap<>();
        stored.put(turn.self(), turn.durable().incarnation());
        serving.peers.forEach((id, peer) -> {
            if (peer.configuration().compareTo(to.version()) >= 0) {
                stored.put(id, peer.incarnation());
            }
        });
        return isMajority(from, stored) && isMajority(to, stored);
    }

    private static boolean isMajority(Configuration configuration, Map<NodeId, Long> stored) {
        long count = configuration.members().stream()
                .filter(member -> {
                    Long incarnation = stored.get(member.id());
                    return incarnation != null && member.votesAs(incarnation);
                })
                .count();
        return count >= configuration.majority();
    }

    /** Changes that need no operator: who votes, and who is in sync. */
    private void tend(Draft serving) {
        if (turn.role != Role.ACTIVE || isBusy(serving) || turn.now - serving.tendNanos < 0) {
            return;
        }
        Configuration present = turn.configuration();
        ConfigurationVersion next = present.version().next();
        for (Member member : present.members()) {
            NodeId id = member.id();
            if (id.equals(turn.self())) {
                continue;
            }
            Peer peer = serving.peers.get(id);
            boolean fresh = isFresh(serving, id);
            Set<NodeId> inSync = new TreeSet<>(present.inSync());
            if (member.voting() && fresh && peer != null && !member.votesAs(peer.incarnation())) {
                revote(serving, member.observer());
                return;
            }
            if (!member.voting() && fresh && peer != null && mayVote(serving, member, peer)) {
                revote(serving, member.voter(peer.incarnation()));
                return;
            }
            if (!present.hasWitness() || !member.voting() || member.kind() != MemberKind.DATA) {
                continue;
            }
            if (present.inSync().contains(id) && isAway(serving, id)) {
                inSync.remove(id);
                propose(serving, present.withInSync(next, inSync));
                return;
            }
            if (!present.inSync().contains(id) && isNear(serving, id) && peer != null && peer.role() == Role.FOLLOWER) {
                inSync.add(id);
                propose(serving, present.withInSync(next, inSync));
                return;
            }
        }
    }

    private boolean mayVote(Draft serving, Member member, Peer peer) {
        return member.kind() == MemberKind.WITNESS
                ? peer.role() == Role.WITNESS
                : peer.role() == Role.FOLLOWER && peer.streaming() && isNear(serving, member.id());
    }

    private void revote(Draft serving, Member changed) {
        Configuration present = turn.configuration();
        List<Member> members = present.members().stream()
                .map(member -> member.id().equals(changed.id()) ? changed : member)
                .toList();
        Configuration next = present.replacing(present.version().next(), members, turn.self());
        boolean losesWitness = !changed.voting() && changed.kind() == MemberKind.WITNESS;
        // Without the witness all data nodes would count as in sync, those that are not as well.
        if (!losesWitness || present.inSync().containsAll(next.inSync())) {
            propose(serving, next);
        }
    }

    private boolean isAway(Draft serving, NodeId id) {
        long limit = turn.settings.outOfSyncNanos();
        Long away = serving.awayNanos.get(id);
        Peer peer = serving.peers.get(id);
        long heard = peer == null ? serving.startedNanos : peer.heardNanos();
        return away != null && turn.now - away >= limit || turn.now - heard >= 2 * limit;
    }

    private void refuseNotActive(String id) {
        turn.refuse(
                id,
                turn.self() + " is not the active node, or a majority does not answer it: it is " + turn.role,
                "ask the active node, see cluster status; if there is none, see cluster explain");
    }

    /** One thing at a time; and what PostgreSQL waits for must be known before it is changed again. */
    private static boolean isBusy(Draft serving) {
        return serving.change != null || serving.handover != null || serving.syncsPending > 0;
    }

    /** A switchover that ends may leave another node active: what was asked for then may not be wanted any more. */
    private void refuseBusy(String id, Draft serving) {
        Change change = serving.change;
        boolean handingOver = serving.handover != null;
        String detail = handingOver
                ? "a switchover is under way"
                : change != null
                        ? "the configuration " + change.to().version() + " is being stored: " + change.phase()
                        : "PostgreSQL is being told by what commits have to wait";
        turn.refuse(id, new Refusal(detail, "wait until it has ended, then try again", !handingOver));
    }
}
