package io.holdfast.cluster.election;

import io.holdfast.cluster.election.State.Activity;
import io.holdfast.cluster.election.State.Candidacy;
import io.holdfast.cluster.election.State.Database;
import io.holdfast.cluster.election.State.Leader;
import io.holdfast.cluster.election.State.Timers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state while a step is being made, and the actions so far. Whatever is changed in the durable state is persisted before the next
 * action, so no order of calls can tell the world of something that a crash would undo.
 */
final class Turn {

    /** In which nodes stand. */
    private static final Comparator<Member> ORDER =
            Comparator.comparingInt(Member::priority).reversed().thenComparing(Member::id);

    final Settings settings;
    final long now;
    Role role;
    Database database;
    Position position;
    long receivingEpoch;

    @Nullable
    Leader leader;

    @Nullable
    Candidacy candidacy;

    @Nullable
    Draft activity;

    long heardNanos;
    long streamLostNanos;
    boolean streamed;
    boolean streaming;
    long promisedNanos;
    long probedNanos;
    long askedNanos;
    long campaignNanos;
    int rejoinFailures;
    boolean diskFull;

    private final Optional<State> before;
    private final List<Action> actions = new ArrayList<>();
    private DurableState durable;
    private boolean unsaved;

    Turn(Settings settings, State state, long now) {
        this(settings, state.durable(), state.role(), state.database(), state.position(), state.timers(), now, state);
        receivingEpoch = state.receivingEpoch();
        diskFull = state.diskFull();
        leader = state.leader();
        candidacy = state.candidacy();
        Activity serving = state.activity();
        activity = serving == null ? null : new Draft(serving);
    }

    private Turn(
            Settings settings,
            DurableState durable,
            Role role,
            Database database,
            Position position,
            Timers timers,
            long now,
            @Nullable State before) {
        this.settings = settings;
        this.durable = durable;
        this.role = role;
        this.database = database;
        this.position = position;
        this.now = now;
        this.before = Optional.ofNullable(before);
        heardNanos = timers.heardNanos();
        streamLostNanos = timers.streamLostNanos();
        streamed = timers.streamed();
        streaming = timers.streaming();
        promisedNanos = timers.promisedNanos();
        probedNanos = timers.probedNanos();
        askedNanos = timers.askedNanos();
        campaignNanos = timers.campaignNanos();
        rejoinFailures = timers.rejoinFailures();
    }

    static Turn boot(Settings settings, DurableState durable, long now) {
        Timers timers = new Timers(now, now, false, false, now - settings.electionNanos(), now, now, now, 0);
        return new Turn(settings, durable, Role.BOOT, Database.NONE, Position.NONE, timers, now, null);
    }

    NodeId self() {
        return durable.self();
    }

    DurableState durable() {
        return durable;
    }

    long epoch() {
        return durable.epoch();
    }

    Configuration configuration() {
        return durable.configuration();
    }

    /** Chosen and not resigned. */
    boolean serving() {
        return role == Role.ACTIVE || role == Role.ACTIVE_STARTING;
    }

    void change(DurableState newDurable) {
        if (!newDurable.equals(durable)) {
            durable = newDurable;
            unsaved = true;
        }
    }

    void act(Action action) {
        save();
        actions.add(action);
    }

    void send(NodeId to, Message message) {
        act(new Action.Send(to, message));
    }

    void publish(Notice notice) {
        act(new Action.Publish(notice));
    }

    void accept(String requestId) {
        act(new Action.Answer(requestId, null));
    }

    void refuse(String requestId, String detail, String hint) {
        refuse(requestId, new Refusal(detail, hint));
    }

    void refuse(String requestId, Refusal refusal) {
        act(new Action.Answer(requestId, refusal));
    }

    void probed(boolean full) {
        probedNanos = now;
        if (full && !diskFull) {
            publish(new Notice.Failed("disk of PostgreSQL", "it is full"));
        }
        diskFull = full;
    }

    /** Silence of the active node, in nanoseconds. */
    long silence() {
        return now - heardNanos;
    }

    /** The node that is active in this very epoch, unless it is this one or has resigned. */
    Optional<Leader> following() {
        Leader known = leader;
        return known != null && known.epoch() == epoch() && !known.resigned() ? Optional.of(known) : Optional.empty();
    }

    /** Whether the active node was heard of within the election timeout. */
    boolean leaderAlive() {
        return following().isPresent() && silence() < settings.electionNanos();
    }

    /** How many of those who may become active come before this node; the one that has just gone does not count. */
    int rank() {
        Leader gone = leader;
        int rank = 0;
        for (Member member : configuration().members()) {
            boolean stands = member.voting()
                    && member.kind() == MemberKind.DATA
                    && !member.id().equals(self())
                    && (gone == null || !gone.id().equals(member.id()));
            if (stands && !comesBefore(member.id())) {
                rank++;
            }
        }
        return rank;
    }

    /** Whether this node stands before that one, as all see it; true where not both are members. */
    boolean comesBefore(NodeId other) {
        Optional<Member> me = configuration().member(self());
        Optional<Member> rival = configuration().member(other);
        return me.isEmpty() || rival.isEmpty() || ORDER.compare(me.get(), rival.get()) < 0;
    }

    /** Stores a newer configuration, and prepares PostgreSQL for it. */
    void configure(Configuration newer) {
        if (newer.version().compareTo(configuration().version()) <= 0) {
            return;
        }
        SyncSetting old = configuration().syncSetting(self());
        boolean other = !newer.at(configuration().version()).equals(configuration());
        change(durable.configured(newer));
        SyncSetting sync = newer.syncSetting(self());
        if (durable.kind() == MemberKind.DATA && !serving() && !sync.equals(old)) {
            act(new Action.SetSync(sync));
        }
        if (other) {
            publish(new Notice.ConfigurationChanged(newer));
        }
    }

    /** Enters a later epoch without a promise in it; an active node steps down. */
    void enterEpoch(long newEpoch, @Nullable NodeId promise) {
        boolean served = serving();
        change(durable.inEpoch(newEpoch, promise));
        candidacy = null;
        if (served) {
            stepDown();
        } else if (role == Role.PREVOTE || role == Role.CANDIDATE) {
            role = Role.FOLLOWER;
        }
    }

    /** Gives up without a word. */
    void stepDown() {
        Draft serving = activity;
        if (serving != null && serving.handover != null) {
            refuse(
                    serving.handover.requestId(),
                    self() + " is not active any more",
                    "look at the cluster's status: another node may be active by now");
        }
        if (serving != null && serving.leaseValid) {
            publish(new Notice.LeaseChanged(epoch(), false));
        }
        boolean unneeded = serving != null && configuration().isElectionQuorum(heardBy(serving));
        role = Role.STEPPING_DOWN;
        database = Database.STEPPING_DOWN;
        activity = null;
        leader = null;
        receivingEpoch = 0;
        // It knows that it has gone: it need not wait before it lets another one stand.
        heardNanos = now - settings.electionNanos();
        campaignNanos = now + settings.electionNanos() / 2;
        askedNanos = now;
        act(new Action.StepDown(before.map(State::epoch).orElse(epoch()), unneeded));
    }

    private Set<NodeId> heardBy(Draft serving) {
        Set<NodeId> heard = new HashSet<>();
        serving.peers.forEach((id, peer) -> {
            if (now - peer.heardNanos() < settings.electionNanos()) {
                heard.add(id);
            }
        });
        return heard;
    }

    Step end() {
        save();
        Draft serving = activity;
        State after = new State(
                durable,
                role,
                database,
                position,
                receivingEpoch,
                leader,
                candidacy,
                serving == null ? null : serving.activity(),
                new Timers(
                        heardNanos,
                        streamLostNanos,
                        streamed,
                        streaming,
                        promisedNanos,
                        probedNanos,
                        askedNanos,
                        campaignNanos,
                        rejoinFailures),
                diskFull);
        boolean same = before.isPresent()
                && before.get().role() == after.role()
                && before.get().active().equals(after.active());
        if (!same) {
            publish(new Notice.RoleChanged(role, epoch(), after.active().orElse(null)));
        }
        return new Step(after, actions);
    }

    private void save() {
        if (unsaved) {
            unsaved = false;
            actions.add(new Action.Persist(durable));
        }
    }
}
