package io.holdfast.cluster.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final NodeId W = new NodeId("w");
    private static final long SECOND = 1_000_000_000;
    private static final Position START = new Position(1, new Lsn(1000));

    private final Election election = new Election(Settings.DEFAULT);
    private long now = SECOND;

    @Test
    void anActiveNodeSaysWhatCommitsWaitForAndWhoIsMissing() {
        State state = active();
        assertThat(explain(state))
                .anySatisfy(sentence -> assertThat(sentence).startsWith("n1 is active in epoch 2: a majority"))
                .contains("A commit is acknowledged when 1 of [n2] has it too.")
                .anySatisfy(sentence -> assertThat(sentence)
                        .startsWith("n2 has not answered: see")
                        .contains("`cluster leave n2`"))
                .contains("No further failure can be survived: 2 of 3 voters are needed and 2 answer.");
    }

    @Test
    void whoStreamsButIsNotHeardIsToldApartFromWhoIsGone() {
        State state = election.step(
                        active(),
                        new Event.Probed(true, new Position(2, new Lsn(1100)), false, Map.of(N2, new Lsn(1100))),
                        now)
                .state();
        assertThat(state.unheard(SECOND, now)).containsExactly(N2);
        assertThat(explain(state))
                .anySatisfy(sentence -> assertThat(sentence)
                        .startsWith("n2 streams, but its agent has not answered: ")
                        .contains("UDP"))
                .noneSatisfy(sentence -> assertThat(sentence).contains("cluster leave"));
        assertThat(state.unheard(SECOND, now + SECOND))
                .as("the witness too, a second later")
                .containsExactly(N2, W);
        assertThat(standby(N2, witnessed(Set.of(N1))).unheard(SECOND, now)).isEmpty();
    }

    @Test
    void anActiveNodeWithoutAMajoritySaysThatItServesNobody() {
        State state = active();
        now += SECOND;
        assertThat(explain(state))
                .contains("n1 is active in epoch 2 but serves nobody: fewer than 2 of [n1, n2, w] answer it.");
    }

    @Test
    void ofTwoVotersOneThatIsLeftSaysWhyItDoesNotTakeOverAndWhatToType() {
        State state = standby(
                N2,
                new Configuration(
                        new ConfigurationVersion(1, 0), List.of(data(N1, 1), data(N2, 2)), Set.of(N1, N2), false));
        now += 5 * SECOND;
        assertThat(explain(state))
                .contains("There is no active node as far as n2 knows: none was heard for 5000 ms.")
                .anySatisfy(sentence -> assertThat(sentence)
                        .startsWith("Both of [n1, n2] are needed")
                        .contains("`cluster failover --target n2 --force --i-know-the-other-is-dead`"));
    }

    @Test
    void whoIsNotInSyncSaysThatItMayNotBecomeActive() {
        assertThat(explain(standby(N2, witnessed(Set.of(N1)))))
                .anySatisfy(sentence ->
                        assertThat(sentence).startsWith("n2 may not become active: only [n1] have every commit."));
    }

    @Test
    void aPauseIsSaid() {
        Configuration paused = witnessed(Set.of(N1, N2)).withPaused(new ConfigurationVersion(1, 1), true);
        assertThat(explain(standby(N2, paused)))
                .contains(
                        "Type `cluster failover --target n2` to let it stand for election in spite of the pause.",
                        "Elections are paused: no node takes over by itself. Type `cluster resume` to end the pause.");
    }

    @Test
    void whoWaitsForACopySaysSo() {
        State state = election.boot(durable(N2, witnessed(Set.of(N1))).withData(true), now)
                .state();
        assertThat(explain(state)).first().asString().startsWith("n2 has no complete data and waits");
    }

    @Test
    void whoBelongsToNoClusterSaysHowToJoin() {
        State state =
                election.boot(DurableState.joining(N2, MemberKind.DATA, 5), now).state();
        assertThat(explain(state)).anySatisfy(sentence -> assertThat(sentence).contains("`cluster join n2`"));
    }

    @Test
    void aCandidateSaysWhoHasNotAnswered() {
        State state = standby(N2, witnessed(Set.of(N1, N2)));
        state = election.step(state, new Event.Campaign("c"), now).state();
        assertThat(explain(state))
                .contains("n2 stands for election in epoch 2 and has promises of [n2]; 2 of [n1, n2, w] are needed,"
                        + " [n1, w] have not answered.");
    }

    private List<String> explain(State state) {
        return Explanation.of(state, Settings.DEFAULT, now);
    }

    private State standby(NodeId self, Configuration configuration) {
        State booted = election.boot(durable(self, configuration), now).state();
        return election.step(booted, new Event.StandbyStarted(7, START), now).state();
    }

    /** N1, with the witness; n2 is away. */
    private State active() {
        Configuration configuration = witnessed(Set.of(N1, N2));
        State state = standby(N1, configuration);
        for (Event event : List.of(
                new Event.Campaign("c"),
                new Event.Received(W, 7, new Message.Promise(2, 9, Position.NONE, configuration)),
                new Event.Promoted(2, List.of(new TimelineSwitch(2, 1, new Lsn(1000))), new Lsn(1100)),
                new Event.EpochCommitted(2),
                new Event.Received(
                        W,
                        7,
                        new Message.HeartbeatAnswer(
                                2, now, new ConfigurationVersion(2, 0), 9, Role.WITNESS, false, Position.NONE, false)),
                new Event.Probed(true, new Position(2, new Lsn(1100)), false, Map.of()))) {
            state = election.step(state, event, now).state();
        }
        return state;
    }

    private static Configuration witnessed(Set<NodeId> inSync) {
        Member witness = Member.joining(W, MemberKind.WITNESS, 0).voter(9);
        return new Configuration(
                new ConfigurationVersion(1, 0), List.of(data(N1, 1), data(N2, 2), witness), inSync, false);
    }

    private static Member data(NodeId id, long incarnation) {
        return Member.joining(id, MemberKind.DATA, 0).voter(incarnation);
    }

    private static DurableState durable(NodeId self, Configuration configuration) {
        Member me = configuration.member(self).orElseThrow();
        return new DurableState(7, self, me.kind(), me.incarnation(), 1, null, null, 0, configuration, false);
    }
}
