package io.holdfast.cluster.election;

import io.holdfast.cluster.election.State.Activity;
import io.holdfast.cluster.election.State.Candidacy;
import io.holdfast.cluster.election.State.Database;
import io.holdfast.cluster.election.State.Leader;
import io.holdfast.cluster.election.State.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Why a node is in its state, in sentences for an operator: what is so, what would change it, what to type. */
public final class Explanation {

    private final State state;
    private final Settings settings;
    private final long now;
    private final Configuration configuration;
    private final NodeId self;
    private final List<String> sentences = new ArrayList<>();

    private Explanation(State state, Settings settings, long now) {
        this.state = state;
        this.settings = settings;
        this.now = now;
        this.configuration = state.durable().configuration();
        this.self = state.durable().self();
    }

    /**
     * As this node sees it; the active node knows most.
     *
     * @param now monotonic nanoseconds
     * @return whole sentences, the most important first
     */
    public static List<String> of(State state, Settings settings, long now) {
        Explanation explanation = new Explanation(state, settings, now);
        explanation.explain();
        return List.copyOf(explanation.sentences);
    }

    private void explain() {
        Activity activity = state.activity();
        if (configuration.members().isEmpty()) {
            say(self + " belongs to no cluster yet: it waits for an active node that names it as a member.");
            say("Type `cluster join " + self + "` at a node of the cluster, and see that this node can be reached.");
            return;
        }
        if (configuration.member(self).isEmpty()) {
            say(self + " is not a member of the cluster any more and takes part in nothing.");
            say("To take it back in, type `cluster join " + self + "` at a member.");
            return;
        }
        if (activity != null) {
            serving(activity);
        } else if (state.role() == Role.STEPPING_DOWN) {
            say(
                    self + " was active in epoch " + state.epoch()
                            + " or the one before and restarts its PostgreSQL as a standby; then it follows whoever is active.");
        } else if (state.role() == Role.REJOINING) {
            rejoining();
        } else if (state.role() == Role.PREVOTE || state.role() == Role.CANDIDATE) {
            standing();
        } else {
            following();
        }
        if (state.diskFull()) {
            say("The disk of " + self + "'s PostgreSQL is full: "
                    + (activity == null
                            ? self + " stands for election after all others."
                            : configuration.paused()
                                    ? "it hands over to nobody, as elections are paused."
                                    : "it hands over to a standby that is in sync and has room, if there is one.")
                    + " Make room, or enlarge the disk.");
        }
        if (configuration.paused()) {
            say("Elections are paused: no node takes over by itself. Type `cluster resume` to end the pause.");
        }
    }

    private void serving(Activity activity) {
        SyncSetting sync = activity.sync();
        if (state.role() == Role.ACTIVE_STARTING) {
            String waitsFor = !activity.promoted()
                    ? "its PostgreSQL is being promoted"
                    : !activity.committed()
                            ? "its first commit must reach " + sync.required() + " of " + sync.standbys()
                            : "a majority must store the configuration";
            say(self + " was chosen in epoch " + state.epoch() + " and does not serve yet: " + waitsFor + ".");
        } else if (state.leaseValid(now)) {
            say(self + " is active in epoch " + state.epoch() + ": "
                    + (configuration.voters().size() == 1
                            ? "it is the only voter."
                            : "a majority of " + configuration.voters() + " answers it."));
        } else {
            say(self + " is active in epoch " + state.epoch() + " but serves nobody: fewer than "
                    + configuration.majority() + " of " + configuration.voters() + " answer it.");
            say(
                    configuration.paused()
                            ? "It stays so until they answer, as elections are paused."
                            : "If that lasts it resigns, and the others elect another one as soon as they can.");
        }
        say(
                sync.required() == 0
                        ? "Commits wait for no standby: what is committed is on " + self + " only."
                        : "A commit is acknowledged when " + sync.required() + " of " + sync.standbys()
                                + " has it too.");
        Set<NodeId> answering = new TreeSet<>(Set.of(self));
        Set<NodeId> unheard = state.unheard(settings.electionNanos(), now);
        for (Member member : configuration.members()) {
            if (!member.id().equals(self)) {
                peer(activity, member, unheard, answering);
            }
        }
        margin(answering);
        State.Change change = activity.change();
        if (change != null) {
            say("The configuration " + change.to().version() + " is being introduced: "
                    + switch (change.phase()) {
                        case STRENGTHENING -> "PostgreSQL is told to wait for the new standby too.";
                        case CATCHING_UP -> "the new standby must have " + change.barrier() + " first.";
                        case STORING -> "a majority of the voters before and after must store it.";
                    });
        }
        State.Handover handover = activity.handover();
        if (handover != null) {
            say("A switchover to " + handover.target() + " is under way: clients cannot write until it has ended.");
        }
    }

    private void peer(Activity activity, Member member, Set<NodeId> unheard, Set<NodeId> answering) {
        NodeId id = member.id();
        Peer peer = activity.peers().get(id);
        if (peer == null || unheard.contains(id)) {
            String silence = peer == null ? "" : " for " + since(peer.heardNanos());
            say(
                    activity.standbys().containsKey(id)
                            ? id + " streams, but its agent has not answered" + silence
                                    + ": see that the agent runs and that datagrams (UDP) go through between the nodes, both"
                                    + " ways."
                            : id + " has not answered" + silence
                                    + ": see that its machine, its agent and the network between are up."
                                    + " If it is gone for good, type `cluster leave " + id + "`.");
            return;
        }
        answering.add(id);
        if (peer.diskFull()) {
            say("The disk of " + id + "'s PostgreSQL is full: make room, or enlarge the disk.");
        }
        if (member.kind() == MemberKind.DATA && peer.role() == Role.REJOINING) {
            say(id + " is being rewound or copied to the state of " + self + ".");
        } else if (member.kind() == MemberKind.DATA && !activity.standbys().containsKey(id)) {
            say(id + " answers, but does not stream: see the log of its PostgreSQL."
                    + " If it cannot catch up, type `cluster reinit " + id + "`.");
        }
        if (!member.voting()) {
            say(id + " does not vote yet: it does as soon as it "
                    + (member.kind() == MemberKind.DATA ? "streams." : "answers."));
        } else if (!member.votesAs(peer.incarnation())) {
            say(id + " has forgotten its promises and must join anew; that happens by itself.");
        } else if (member.kind() == MemberKind.DATA && !configuration.inSync().contains(id)) {
            say(id + " is not in sync and may not become active until it is.");
        }
    }

    private void margin(Set<NodeId> answering) {
        answering.retainAll(configuration.voters());
        int spare = answering.size() - configuration.majority();
        if (configuration.voters().size() == 1) {
            say("If " + self + " fails, nothing takes over: there is no other voter.");
        } else if (configuration.voters().size() == 2) {
            say("If one of the two voters fails, no other takes over by itself, as a failure cannot be told from a"
                    + " cut network. A witness as a third voter changes that.");
        } else if (spare <= 0) {
            say("No further failure can be survived: " + configuration.majority() + " of "
                    + configuration.voters().size() + " voters are needed and " + answering.size() + " answer.");
        }
    }

    private void following() {
        Leader leader = state.leader();
        Optional<NodeId> active = state.active();
        if (active.isPresent() && leader != null && now - leader.heardNanos() < settings.electionNanos()) {
            say(active.get() + " is active in epoch " + leader.epoch() + "; " + self + " heard from it "
                    + since(leader.heardNanos()) + " ago.");
            if (state.role() != Role.WITNESS) {
                say(
                        state.timers().streaming()
                                ? self + " streams from it."
                                : self + " does not stream from it: " + database()
                                        + ". See the log of its PostgreSQL.");
            }
        } else {
            noActive();
        }
        ownVote();
    }

    private void noActive() {
        Leader leader = state.leader();
        say("There is no active node as far as " + self + " knows: "
                + (leader != null && leader.resigned()
                        ? leader.id() + " has resigned."
                        : "none was heard for " + since(state.timers().heardNanos()) + "."));
        if (state.role() == Role.WITNESS) {
            say(self + " is a witness: it votes for a data node that stands for election.");
        } else if (configuration.paused()) {
            say("Type `cluster failover --target " + self + "` to let it stand for election in spite of the pause.");
        } else if (configuration.voters().size() == 2) {
            say("Both of " + configuration.voters() + " are needed to elect one. If the other is down for sure, type"
                    + " `cluster failover --target " + self
                    + " --force --i-know-the-other-is-dead`; what only the other one has is salvaged when it returns.");
        } else {
            say("It stands for election when its PostgreSQL runs (" + database() + ") and " + configuration.majority()
                    + " of " + configuration.voters() + " miss the active node too.");
        }
    }

    private void ownVote() {
        Member me = configuration.member(self).orElseThrow();
        if (!me.voting()) {
            say(self + " does not vote: it does as soon as it streams from the active node.");
        } else if (!state.durable().votes()) {
            say(self + " does not vote: its data is incomplete, or it has forgotten its promises.");
        } else if (me.kind() == MemberKind.DATA && !configuration.inSync().contains(self)) {
            say(self + " may not become active: only " + new TreeSet<>(configuration.inSync())
                    + " have every commit. If they are lost, type `cluster failover --target " + self
                    + " --force --i-know-the-other-is-dead`.");
        }
    }

    private void standing() {
        Candidacy candidacy = state.candidacy();
        if (candidacy == null) {
            return;
        }
        Set<NodeId> silent = new TreeSet<>(configuration.voters());
        silent.removeAll(
                state.role() == Role.PREVOTE
                        ? candidacy.grants()
                        : candidacy.promises().keySet());
        silent.remove(self);
        NodeId nominee = state.durable().nominated();
        if (state.role() == Role.PREVOTE) {
            say(self + " misses the active node and asks whether " + silent + " miss it too; "
                    + configuration.majority() + " of " + configuration.voters() + " must.");
        } else if (nominee != null) {
            say(self + " held the election of epoch " + state.epoch() + ": " + nominee
                    + " has the newest state and was told to become active.");
        } else {
            say(self + " stands for election in epoch " + state.epoch() + " and has promises of "
                    + new TreeSet<>(candidacy.promises().keySet()) + "; " + configuration.majority() + " of "
                    + configuration.voters() + " are needed, " + silent + " have not answered.");
            onlyOthersHaveAll(candidacy);
        }
        say("If too few answer, see that their machines, agents and the network are up. If they are lost for sure, type"
                + " `cluster failover --target " + self + " --force --i-know-the-other-is-dead`.");
    }

    /** A node that was away may not know yet who is in sync; those who promise do. */
    private void onlyOthersHaveAll(Candidacy candidacy) {
        Configuration newest = configuration;
        for (Message.Promise promise : candidacy.promises().values()) {
            if (promise.configuration().version().compareTo(newest.version()) > 0) {
                newest = promise.configuration();
            }
        }
        if (newest.inSync().stream().noneMatch(candidacy.promises()::containsKey)) {
            say("Only " + new TreeSet<>(newest.inSync())
                    + " have every commit, and none of them has answered: no other node may become active.");
        }
    }

    private void rejoining() {
        Leader leader = state.leader();
        if (state.database() == Database.REJOINING && leader != null) {
            say(self + " is being rewound or copied to the state of " + leader.id()
                    + "; what it alone had is salvaged first. It does not vote until it streams.");
        } else if (state.active().isEmpty()) {
            say(self + " has no complete data and waits for an active node to copy it from. It does not vote.");
            say("If no other node can become active, restore the latest snapshot into a new cluster.");
        } else {
            say(self + " could not be rewound or copied, " + state.timers().rejoinFailures()
                    + " times so far; it tries again by itself. See the agent's log for the reason.");
        }
    }

    private String database() {
        return switch (state.database()) {
            case NONE -> "it has no data yet";
            case STARTING -> "it is being started";
            case STANDBY -> "it runs as a standby";
            case STOPPING_RECEIVER -> "it replays what it has received";
            case PROMOTING -> "it is being promoted";
            case PRIMARY -> "it is primary";
            case STEPPING_DOWN -> "it restarts as a standby";
            case REJOINING -> "it is being rewound or copied";
            case DEAD -> "it does not start";
        };
    }

    private String since(long nanos) {
        long millis = Math.max(0, (now - nanos) / 1_000_000);
        return millis < 10_000 ? millis + " ms" : millis / 1000 + " s";
    }

    private void say(String sentence) {
        sentences.add(sentence);
    }
}
