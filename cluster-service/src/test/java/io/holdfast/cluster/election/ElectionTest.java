package io.holdfast.cluster.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Row by row: what each event leads to. */
class ElectionTest {

    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final NodeId N3 = new NodeId("n3");
    private static final NodeId N4 = new NodeId("n4");
    private static final NodeId W = new NodeId("w");
    private static final long MILLI = 1_000_000;
    private static final long CLUSTER = 7;
    private static final Position START = new Position(1, new Lsn(1000));
    private static final List<TimelineSwitch> HISTORY = List.of(new TimelineSwitch(2, 1, new Lsn(1000)));

    // Booting

    @Test
    void aNodeStartsAsAStandbyWhateverItWas() {
        Node node = new Node(N1, three());
        assertThat(node.state.role()).isEqualTo(Role.BOOT);
        assertThat(node.actions).contains(new Action.StartStandby());
    }

    @Test
    void aNodeWithIncompleteDataDoesNotStartItAndDoesNotVote() {
        Node node = new Node(durable(N2, three()).withData(true));
        assertThat(node.actions).doesNotContain(new Action.StartStandby());
        node.receives(N3, new Message.PromiseRequest(2));
        assertThat(node.actions).isEmpty();
        node.receives(N1, heartbeat(2, 1, three()));
        assertThat(node.actions).contains(new Action.Rejoin(N1, 2, true));
    }

    @Test
    void theOneVoterOfANewClusterElectsItselfAtOnce() {
        // given
        Node node = new Node(DurableState.first(CLUSTER, N1, 1, 0, List.of()));
        node.on(new Event.StandbyStarted(CLUSTER, START));
        // when
        node.after(20);
        // then
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE_STARTING);
        assertThat(node.state.epoch()).isEqualTo(2);
        assertThat(node.actions.get(0)).isEqualTo(new Action.Persist(node.state.durable()));
        assertThat(node.actions).contains(new Action.Promote(2, new SyncSetting(0, List.of())));
    }

    @Test
    void aNodeOfAnotherHistoryIsNotListenedTo() {
        Node node = standby(N2);
        node.on(new Event.Received(N1, CLUSTER + 1, heartbeat(9, 1, three())));
        assertThat(node.state.epoch()).isEqualTo(1);
        assertThat(node.actions).containsExactly(new Action.Publish(new Notice.ForeignCluster(N1, CLUSTER + 1)));
    }

    // Missing the active node

    @Test
    void silenceLeadsToAPrevoteThatChangesNothing() {
        Node node = follower(N2);
        node.after(900);
        assertThat(node.actions).isEmpty();
        node.after(200);
        assertThat(node.state.role()).isEqualTo(Role.PREVOTE);
        assertThat(node.state.epoch()).isEqualTo(2);
        assertThat(node.sent(N1)).containsExactly(new Message.PrevoteRequest(3, false));
        assertThat(node.sent(N3)).containsExactly(new Message.PrevoteRequest(3, false));
        assertThat(node.persisted()).isEmpty();
    }

    @Test
    void aLostStreamMakesImpatient() {
        Node node = follower(N2);
        node.on(new Event.Probed(false, new Position(2, new Lsn(2000)), false, Map.of()));
        node.after(190);
        assertThat(node.actions).isEmpty();
        node.after(20);
        assertThat(node.sent(N3)).containsExactly(new Message.PrevoteRequest(3, true));
    }

    @Test
    void whoStandsSaysWhy() {
        // given
        Node silence = follower(N2);
        silence.after(1100);
        Node stream = follower(N2);
        stream.on(new Event.Probed(false, new Position(2, new Lsn(2000)), false, Map.of()));
        stream.after(210);
        Node told = follower(N2);
        // when
        silence.receives(N3, new Message.PrevoteAnswer(3, true));
        stream.receives(N3, new Message.PrevoteAnswer(3, true));
        told.receives(N1, new Message.Resignation(2, N2));
        told.after(10);
        // then
        assertThat(silence.actionsOfAll)
                .contains(new Action.Publish(new Notice.Stands(3, "nothing was heard of n1 for 1100 ms")));
        assertThat(stream.actionsOfAll)
                .contains(new Action.Publish(new Notice.Stands(
                        3, "the stream of its log was lost, and nothing was heard of n1 for 210 ms")));
        assertThat(told.actionsOfAll).contains(new Action.Publish(new Notice.Stands(3, "n1 resigned")));
    }

    @Test
    void whoRefusedAPrevoteIsAskedAgain() {
        // given
        Node node = follower(N2);
        node.on(new Event.Probed(false, new Position(2, new Lsn(2000)), false, Map.of()));
        node.after(210);
        node.receives(N3, new Message.PrevoteAnswer(3, false));
        // when
        node.after(50);
        // then
        assertThat(node.sent(N3)).containsExactly(new Message.PrevoteRequest(3, true));
        assertThat(node.persisted()).isEmpty();
        node.receives(N3, new Message.PrevoteAnswer(3, true));
        assertThat(node.state.role()).isEqualTo(Role.CANDIDATE);
    }

    @Test
    void aLostStreamAloneIsNoReasonWhileHeartbeatsCome() {
        Node node = follower(N2);
        for (int i = 0; i < 20; i++) {
            node.on(new Event.Probed(false, new Position(2, new Lsn(2000)), false, Map.of()));
            node.receives(N1, heartbeat(2, node.now, three()));
            node.after(100);
            assertThat(node.state.role()).isEqualTo(Role.FOLLOWER);
        }
    }

    @Test
    void inAPauseNobodyStandsByItself() {
        Node node = new Node(N2, three().withPaused(new ConfigurationVersion(1, 1), true));
        node.on(new Event.StandbyStarted(CLUSTER, START));
        node.after(60_000);
        assertThat(node.actions).isEmpty();
        node.on(new Event.Campaign("c"));
        assertThat(node.state.role()).isEqualTo(Role.CANDIDATE);
        assertThat(node.actions).contains(new Action.Answer("c", null));
    }

    @Test
    void aPrevoteIsGrantedOnlyByWhoMissesTheActiveNodeToo() {
        Node node = follower(N2);
        node.receives(N3, new Message.PrevoteRequest(3, false));
        assertThat(node.sent(N3)).containsExactly(new Message.PrevoteAnswer(3, false));
        node.after(800);
        node.receives(N3, new Message.PrevoteRequest(3, false));
        assertThat(node.sent(N3)).containsExactly(new Message.PrevoteAnswer(3, true));
        node.receives(N3, new Message.PrevoteRequest(2, false));
        assertThat(node.sent(N3)).containsExactly(new Message.Stale(2));
        node.receives(N4, new Message.PrevoteRequest(3, false));
        assertThat(node.actions).isEmpty();
    }

    @Test
    void theActiveNodeAnswersAPrevoteWithAHeartbeat() {
        Node node = active(three());
        node.receives(N3, new Message.PrevoteRequest(9, false));
        assertThat(node.sent(N3)).singleElement().isInstanceOf(Message.Heartbeat.class);
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE);
    }

    @Test
    void aMajorityOfGrantsMakesACandidateThatPromisesItselfOnDiskFirst() {
        Node node = follower(N2);
        node.after(1100);
        node.receives(N3, new Message.PrevoteAnswer(3, false));
        assertThat(node.state.role()).isEqualTo(Role.PREVOTE);
        node.receives(N3, new Message.PrevoteAnswer(3, true));
        assertThat(node.state.role()).isEqualTo(Role.CANDIDATE);
        assertThat(node.actions.get(0)).isInstanceOf(Action.Persist.class);
        assertThat(node.state.durable().promisedTo()).isEqualTo(N2);
        assertThat(node.sent(N1)).containsExactly(new Message.PromiseRequest(3));
        assertThat(node.actions).contains(new Action.StopReceiver(3));
    }

    @Test
    void aCandidateStandsAsLongAsItsOwnReceiverIsNotStopped() {
        // given
        Node node = follower(N2);
        node.after(1100);
        node.receives(N3, new Message.PrevoteAnswer(3, true));
        // when
        node.after(1900);
        // then
        assertThat(node.state.role()).isEqualTo(Role.CANDIDATE);
        // when: but once it is, no longer than the others' answers may take
        node.on(new Event.ReceiverStopped(3, new Position(2, new Lsn(2000))));
        node.after(20);
        // then
        assertThat(node.state.role()).isEqualTo(Role.FOLLOWER);
        assertThat(node.state.epoch()).isEqualTo(3);
    }

    @Test
    void ofTwoCandidatesInOneEpochTheFirstInOrderStandsAgainAtOnceAndTheOtherPromises() {
        // given: both have promised to themselves
        Node first = standby(N2);
        first.after(1200);
        first.receives(N3, new Message.PrevoteAnswer(first.state.epoch() + 1, true));
        Node second = standby(N3);
        second.after(1200);
        second.receives(N2, new Message.PrevoteAnswer(second.state.epoch() + 1, true));
        long epoch = first.state.epoch();
        assertThat(second.state.epoch()).isEqualTo(epoch);
        // when
        first.receives(N3, new Message.PromiseRequest(epoch));
        second.receives(N2, new Message.PromiseRequest(epoch));
        // then
        assertThat(first.state.role()).isEqualTo(Role.CANDIDATE);
        assertThat(first.state.durable().promisedTo()).isEqualTo(N2);
        assertThat(first.sent(N3)).containsExactly(new Message.Stale(epoch), new Message.PromiseRequest(epoch + 1));
        assertThat(second.state.role()).isEqualTo(Role.FOLLOWER);
        assertThat(second.state.epoch()).isEqualTo(epoch);
        // when
        second.receives(N2, new Message.PromiseRequest(epoch + 1));
        // then
        assertThat(second.state.durable().promisedTo()).isEqualTo(N2);
        assertThat(second.sent(N2)).singleElement().isInstanceOf(Message.Promise.class);
    }

    @Test
    void aCandidateWhoseReceiverNeverStopsGivesUp() {
        Node node = follower(N2);
        node.after(1100);
        node.receives(N3, new Message.PrevoteAnswer(3, true));
        node.after(2100);
        assertThat(node.state.role()).isEqualTo(Role.FOLLOWER);
    }

    // Promising

    @Test
    void aPromiseIsOnDiskAndTheReceiverStoppedBeforeItIsGiven() {
        Node node = follower(N2);
        node.receives(N3, new Message.PromiseRequest(3));
        assertThat(node.actions.get(0)).isEqualTo(new Action.Persist(node.state.durable()));
        assertThat(node.state.durable().promisedTo()).isEqualTo(N3);
        assertThat(node.actions).contains(new Action.StopReceiver(3));
        assertThat(node.sent(N3)).isEmpty();
        node.on(new Event.ReceiverStopped(3, new Position(2, new Lsn(2222))));
        assertThat(node.sent(N3))
                .containsExactly(new Message.Promise(3, 2, new Position(2, new Lsn(2222)), three().at(version(2, 0))));
    }

    @Test
    void inAnEpochThereIsOnePromiseWhichMayBeRepeated() {
        Node node = standby(N2);
        node.receives(N3, new Message.PromiseRequest(2));
        assertThat(node.sent(N3)).hasSize(1);
        node.receives(N3, new Message.PromiseRequest(2));
        assertThat(node.sent(N3)).hasSize(1);
        assertThat(node.persisted()).isEmpty();
        node.receives(N1, new Message.PromiseRequest(2));
        assertThat(node.sent(N1)).containsExactly(new Message.Stale(2));
        node.receives(N1, new Message.PromiseRequest(1));
        assertThat(node.sent(N1)).containsExactly(new Message.Stale(2));
    }

    @Test
    void aPromiseIsNotForgottenInARestart() {
        Node node = standby(N2);
        node.receives(N3, new Message.PromiseRequest(2));
        Node again = new Node(node.persisted().get(0));
        again.on(new Event.StandbyStarted(CLUSTER, START));
        again.receives(N1, new Message.PromiseRequest(2));
        assertThat(again.sent(N1)).containsExactly(new Message.Stale(2));
    }

    @Test
    void theActiveNodeStepsDownInsteadOfPromising() {
        Node node = active(three());
        node.receives(N3, new Message.PromiseRequest(9));
        assertThat(node.state.role()).isEqualTo(Role.STEPPING_DOWN);
        assertThat(node.actions.get(0)).isInstanceOf(Action.Persist.class);
        assertThat(node.actions).contains(new Action.StepDown(2, false));
        assertThat(node.sent(N3)).isEmpty();
    }

    @Test
    void aNodeWhoseTimelineIsOfThatEpochDoesNotPromise() {
        Node node = follower(N2);
        node.receives(N3, new Message.PromiseRequest(3));
        node.on(new Event.ReceiverStopped(3, new Position(5, new Lsn(2222))));
        assertThat(node.sent(N3)).isEmpty();
        assertThat(node.state.epoch()).isEqualTo(5);
    }

    @Test
    void aWitnessPromisesWithoutAPosition() {
        Node node = new Node(durable(W, witnessed(Set.of(N1, N2))));
        assertThat(node.state.role()).isEqualTo(Role.WITNESS);
        node.receives(N2, new Message.PromiseRequest(2));
        assertThat(node.sent(N2)).containsExactly(new Message.Promise(2, 9, Position.NONE, witnessed(Set.of(N1, N2))));
    }

    // Choosing

    @Test
    void theCandidateThatIsTheNewestIsPromoted() {
        Node node = candidate(N2, START);
        node.receives(N3, new Message.Promise(2, 3, new Position(1, new Lsn(999)), three()));
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE_STARTING);
        assertThat(node.state.durable().promotedEpoch()).isEqualTo(2);
        assertThat(node.actions.get(0)).isEqualTo(new Action.Persist(node.state.durable()));
        assertThat(node.actions).contains(new Action.Promote(2, new SyncSetting(1, List.of(N1, N3))));
        assertThat(node.state.durable().configuration().version()).isEqualTo(version(2, 0));
    }

    @Test
    void anotherThatIsNewerIsNominatedAndTheNomineeIsOnDiskFirst() {
        Node node = candidate(N2, START);
        node.receives(N3, new Message.Promise(2, 3, new Position(1, new Lsn(1001)), three()));
        assertThat(node.state.role()).isEqualTo(Role.CANDIDATE);
        assertThat(node.persisted())
                .singleElement()
                .satisfies(durable -> assertThat(durable.nominated()).isEqualTo(N3));
        assertThat(node.actions.get(1)).isEqualTo(new Action.Send(N3, new Message.Nomination(2, three())));
        node.receives(N1, new Message.Promise(2, 1, new Position(1, new Lsn(5000)), three()));
        assertThat(node.actions).isEmpty();
    }

    @Test
    void aLaterTimelineIsNewerThanALongerLog() {
        Node node = new Node(durable(N2, three()).inEpoch(4, null));
        node.on(new Event.StandbyStarted(CLUSTER, new Position(2, new Lsn(9000))));
        node.on(new Event.Campaign("c"));
        node.receives(N3, new Message.Promise(5, 3, new Position(4, new Lsn(1)), three()));
        assertThat(node.sent(N3)).containsExactly(new Message.Nomination(5, three()));
    }

    @Test
    void aPromiseOfAForgetfulNodeDoesNotCount() {
        Node node = candidate(N2, START);
        node.receives(N3, new Message.Promise(2, 333, new Position(1, new Lsn(5000)), three()));
        assertThat(node.state.role()).isEqualTo(Role.CANDIDATE);
        assertThat(node.state.durable().nominated()).isNull();
    }

    @Test
    void theNomineeIsPromotedOnceByWhomItPromisedOnly() {
        Node node = standby(N2);
        node.receives(N3, new Message.PromiseRequest(2));
        node.receives(N1, new Message.Nomination(2, three()));
        assertThat(node.state.role()).isEqualTo(Role.FOLLOWER);
        node.receives(N3, new Message.Nomination(2, three()));
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE_STARTING);
        Node again = new Node(node.persisted().get(0));
        again.on(new Event.StandbyStarted(CLUSTER, START));
        again.receives(N3, new Message.Nomination(2, three()));
        assertThat(again.state.role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void onlyANodeInSyncIsChosen() {
        Node node = new Node(durable(N2, witnessed(Set.of(N1))));
        node.on(new Event.StandbyStarted(CLUSTER, START));
        node.on(new Event.Campaign("c"));
        node.receives(W, new Message.Promise(2, 9, Position.NONE, witnessed(Set.of(N1))));
        assertThat(node.state.role()).isEqualTo(Role.CANDIDATE);
        node.receives(N1, new Message.Promise(2, 1, new Position(1, new Lsn(900)), witnessed(Set.of(N1))));
        assertThat(node.sent(N1)).containsExactly(new Message.Nomination(2, witnessed(Set.of(N1))));
    }

    // Becoming active

    @Test
    void itServesWhenItsEpochIsCommittedAndAMajorityHasStoredTheConfiguration() {
        Node node = candidate(N2, START);
        node.receives(N3, new Message.Promise(2, 3, START, three()));
        node.on(new Event.Promoted(2, HISTORY, new Lsn(1100)));
        assertThat(node.actions).contains(new Action.CommitEpoch(2));
        assertThat(node.sent(N1))
                .singleElement()
                .isInstanceOfSatisfying(
                        Message.Heartbeat.class,
                        heartbeat -> assertThat(heartbeat.history()).isEqualTo(HISTORY));
        node.on(new Event.EpochCommitted(2));
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE_STARTING);
        node.answered(N3, 3);
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE);
        assertThat(node.state.active()).contains(N2);
        assertThat(node.state.leaseValid(node.now)).isTrue();
    }

    @Test
    void aFailedPromotionIsGivenUp() {
        Node node = candidate(N2, START);
        node.receives(N3, new Message.Promise(2, 3, START, three()));
        node.on(new Event.PromotionFailed(2, "disk full"));
        assertThat(node.state.role()).isEqualTo(Role.STEPPING_DOWN);
        assertThat(node.sent(N3)).containsExactly(new Message.Resignation(2, null));
    }

    // Following

    @Test
    void aHeartbeatOfALaterEpochIsStoredThenFollowed() {
        Node node = standby(N2);
        node.receives(N1, heartbeat(2, 1, three().at(version(2, 0))));
        assertThat(node.actions.get(0)).isInstanceOf(Action.Persist.class);
        assertThat(node.sent(N1)).singleElement().isInstanceOf(Message.HeartbeatAnswer.class);
        assertThat(node.actions).contains(new Action.Follow(N1, 2));
    }

    @Test
    void whoStreamsFromAnotherStopsBeforeItComparesHistories() {
        Node node = follower(N2);
        node.receives(
                N3,
                new Message.Heartbeat(
                        4,
                        true,
                        List.of(new TimelineSwitch(4, 2, new Lsn(1500))),
                        1,
                        new Lsn(1600),
                        new Position(2, new Lsn(1500)),
                        three().at(version(4, 0))));
        assertThat(node.actions).contains(new Action.StopReceiver(4)).doesNotContain(new Action.Follow(N3, 4));
        node.on(new Event.ReceiverStopped(4, new Position(2, new Lsn(1501))));
        assertThat(node.actions.get(0)).isInstanceOf(Action.Persist.class);
        assertThat(node.state.durable().dataIncomplete()).isTrue();
        assertThat(node.actions).contains(new Action.Rejoin(N3, 4, false));
        assertThat(node.state.role()).isEqualTo(Role.REJOINING);
        node.on(new Event.Rejoined(4, new Position(4, new Lsn(1600))));
        assertThat(node.state.role()).isEqualTo(Role.FOLLOWER);
        assertThat(node.state.durable().votes()).isTrue();
    }

    @Test
    void whoHasNoMoreThanTheSwitchFollows() {
        Node node = follower(N2);
        node.receives(
                N3,
                new Message.Heartbeat(
                        4,
                        true,
                        List.of(new TimelineSwitch(4, 2, new Lsn(1500))),
                        1,
                        new Lsn(1600),
                        new Position(2, new Lsn(1500)),
                        three().at(version(4, 0))));
        node.on(new Event.ReceiverStopped(4, new Position(2, new Lsn(1500))));
        assertThat(node.actions).contains(new Action.Follow(N3, 4));
    }

    @Test
    void whoHasNoMoreThanOneThatIsNotPromotedYetFollowsAtOnce() {
        Node node = promised();
        node.receives(N3, chosen(new Position(2, new Lsn(1500))));
        assertThat(node.actions).contains(new Action.Follow(N3, 4));
        // the history tells nothing new
        node.receives(N3, heartbeatOfFour(2));
        assertThat(node.actions).doesNotContain(new Action.Follow(N3, 4));
    }

    @Test
    void whoHasMoreOrAnotherTimelineWaitsForTheHistory() {
        for (Position origin : List.of(new Position(2, new Lsn(1499)), new Position(3, new Lsn(1600)), Position.NONE)) {
            Node node = promised();
            node.receives(N3, chosen(origin));
            assertThat(node.actions).as("%s", origin).noneMatch(Action.Postgres.class::isInstance);
            assertThat(node.state.durable().dataIncomplete()).isFalse();
        }
    }

    @Test
    void whoDoesNotStreamFromOneThatIsNotPromotedDoesNotGiveItsDataUpForThat() {
        Node node = promised();
        node.receives(N3, chosen(new Position(2, new Lsn(1500))));
        for (int i = 2; i < 200; i++) {
            node.after(100);
            node.receives(
                    N3,
                    new Message.Heartbeat(
                            4,
                            false,
                            List.of(),
                            i,
                            new Lsn(1500),
                            new Position(2, new Lsn(1500)),
                            three().at(version(4, 0))));
        }
        assertThat(node.actionsOfAll).noneMatch(Action.Rejoin.class::isInstance);
        assertThat(node.state.durable().votes()).isTrue();
    }

    /** N2, which has promised epoch 4 to N3 and receives nothing any more. */
    private static Node promised() {
        Node node = follower(N2);
        node.receives(N3, new Message.PromiseRequest(4));
        node.on(new Event.ReceiverStopped(4, new Position(2, new Lsn(1500))));
        assertThat(node.sent(N3)).singleElement().isInstanceOf(Message.Promise.class);
        return node;
    }

    private static Message chosen(Position origin) {
        return new Message.Heartbeat(4, false, List.of(), 1, new Lsn(1500), origin, three().at(version(4, 0)));
    }

    @Test
    void aHeartbeatOfAnEarlierEpochIsStale() {
        Node node = follower(N2);
        node.receives(N3, heartbeat(1, 1, three()));
        assertThat(node.sent(N3)).containsExactly(new Message.Stale(1 + 1));
        assertThat(node.state.active()).contains(N1);
    }

    @Test
    void aDoubledHeartbeatIsNoSignOfLife() {
        Node node = follower(N2);
        Message beat = heartbeat(2, 500, three());
        node.receives(N1, beat);
        long heard = node.state.timers().heardNanos();
        node.after(100);
        node.receives(N1, beat);
        assertThat(node.state.timers().heardNanos()).isEqualTo(heard);
    }

    @Test
    void aRejoinThatTouchedNothingLeavesTheVote() {
        Node node = rejoining();
        node.on(new Event.RejoinFailed(4, "not reachable", true));
        assertThat(node.state.durable().votes()).isTrue();
        assertThat(node.actions).contains(new Action.StartStandby());
        // when: and it is not tried again at once
        node.on(new Event.StandbyStarted(CLUSTER, new Position(2, new Lsn(1501))));
        // then
        assertThat(node.actionsOfAll)
                .filteredOn(Action.Rejoin.class::isInstance)
                .hasSize(1);
        node.after(5100);
        node.receives(N3, heartbeatOfFour(2));
        assertThat(node.actions).contains(new Action.Rejoin(N3, 4, false));
    }

    @Test
    void aRejoinThatFailedIsTriedAgainAndThenCopies() {
        Node node = rejoining();
        node.on(new Event.RejoinFailed(4, "no space"));
        node.after(4000);
        assertThat(node.actions).isEmpty();
        node.after(1100);
        assertThat(node.actions).contains(new Action.Rejoin(N3, 4, false));
        node.on(new Event.RejoinFailed(4, "no space"));
        node.after(5100);
        assertThat(node.actions).contains(new Action.Rejoin(N3, 4, true));
    }

    @Test
    void aStandbyWhoseStreamBrokeIsToldAgainToFollowOnlyAfterAWhile() {
        // given: it has streamed for long
        Node node = follower(N2);
        node.after(900);
        node.receives(N1, heartbeat(2, 900, three()));
        node.after(900);
        node.receives(N1, heartbeat(2, 1800, three()));
        // when: what may come next is an election, which must not wait for that
        node.on(new Event.Probed(false, new Position(2, new Lsn(2000)), false, Map.of()));
        node.after(50);
        // then
        assertThat(node.actions).isEmpty();
        // when: but heartbeats go on
        node.receives(N1, heartbeat(2, 1850, three()));
        node.after(950);
        // then
        assertThat(node.actions).contains(new Action.Follow(N1, 2));
    }

    @Test
    void aStandbyThatDiedIsStartedAgain() {
        Node node = follower(N2);
        node.on(new Event.PostgresDied("killed"));
        assertThat(node.actions).contains(new Action.StartStandby());
        node.on(new Event.StandbyStarted(CLUSTER, new Position(2, new Lsn(2000))));
        assertThat(node.actions).contains(new Action.Follow(N1, 2));
    }

    // Staying active

    @Test
    void theLeaseLastsFromTheHeartbeatThatAMajorityHasAnswered() {
        Node node = active(three());
        node.answered(N3, 3);
        long sent = node.now;
        assertThat(node.state.leaseValid(sent + 699 * MILLI)).isTrue();
        assertThat(node.state.leaseValid(sent + 701 * MILLI)).isFalse();
        node.after(710);
        assertThat(node.actions).contains(new Action.Publish(new Notice.LeaseChanged(2, false)));
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE);
    }

    @Test
    void whoIsAloneHalfAnElectionTimeoutAfterItsLeaseResigns() {
        // given
        Node node = active(three());
        node.answered(N3, 3);
        // when
        for (int i = 0; i < 11; i++) {
            node.probed(2000);
            node.after(100);
        }
        // then
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE);
        // when
        node.probed(2000);
        node.after(110);
        // then: those who still hear it elect at once
        assertThat(node.state.role()).isEqualTo(Role.STEPPING_DOWN);
        assertThat(node.sent(N2)).containsExactly(new Message.Resignation(2, null));
        assertThat(node.actionsOfAll).contains(new Action.StepDown(2, false));
    }

    @Test
    void whosePostgresIsSilentResignsIfAnotherCouldTakeOver() {
        Node node = active(three());
        for (int i = 0; i < 4; i++) {
            node.after(100);
            node.answered(N3, 3);
        }
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE);
        node.after(110);
        assertThat(node.state.role()).isEqualTo(Role.STEPPING_DOWN);
    }

    @Test
    void whosePostgresIsSilentStaysIfNobodyCouldTakeOver() {
        Node node = new Node(DurableState.first(CLUSTER, N1, 1, 0, List.of()));
        node.on(new Event.StandbyStarted(CLUSTER, START));
        node.after(20);
        node.on(new Event.Promoted(2, HISTORY, new Lsn(1100)));
        node.on(new Event.EpochCommitted(2));
        node.after(10_000);
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE);
    }

    @Test
    void whosePostgresDiesResignsAtOnce() {
        Node node = active(three());
        node.on(new Event.PostgresDied("killed"));
        assertThat(node.sent(N2)).containsExactly(new Message.Resignation(2, null));
        assertThat(node.actions).contains(new Action.StepDown(2, false));
    }

    @Test
    void whosePostgresDiesNamesWhoHasMostOfTheLog() {
        // given
        Node node = active(three());
        node.probed(2000, N2, 1990, N3, 2000);
        node.answered(N2, 2);
        node.answered(N3, 3);
        // when
        node.on(new Event.PostgresDied("killed"));
        // then
        assertThat(node.sent(N2)).containsExactly(new Message.Resignation(2, N3));
        assertThat(node.sent(N3)).containsExactly(new Message.Resignation(2, N3));
    }

    @Test
    void whosePostgresShowsNoStandbyAnyMoreNamesWhoSaidToHaveMostOfTheLog() {
        // given: the last look came when the standbys were cut off already
        Node node = active(three());
        node.answeredAt(N2, 2, new Position(2, new Lsn(1990)));
        node.answeredAt(N3, 3, new Position(1, new Lsn(9000)));
        node.probed(2000);
        // when
        node.on(new Event.PostgresDied("killed"));
        // then: the log of a former epoch does not count
        assertThat(node.sent(N2)).containsExactly(new Message.Resignation(2, N2));
        assertThat(node.sent(N3)).containsExactly(new Message.Resignation(2, N2));
    }

    @Test
    void whosePostgresDiesDoesNotNameWhoIsFarBehind() {
        // given
        Node node = active(three());
        node.answeredAt(N2, 2, new Position(2, new Lsn(1990)));
        node.probed(1L << 30);
        // when
        node.on(new Event.PostgresDied("killed"));
        // then
        assertThat(node.sent(N2)).containsExactly(new Message.Resignation(2, null));
    }

    @Test
    void inAPauseADeadPostgresHasNoSuccessor() {
        // given
        Node node = active(three());
        node.probed(2000, N2, 1990, N3, 2000);
        node.on(new Event.SetPaused("p", true));
        node.answered(N2, 2);
        node.answered(N3, 3);
        // when
        node.on(new Event.PostgresDied("killed"));
        // then
        assertThat(node.sent(N3)).containsExactly(new Message.Resignation(2, null));
    }

    @Test
    void whoHearsOfALaterEpochStepsDown() {
        Node node = active(three());
        node.receives(N3, new Message.Stale(5));
        assertThat(node.state.role()).isEqualTo(Role.STEPPING_DOWN);
        assertThat(node.state.epoch()).isEqualTo(5);
    }

    @Test
    void clientsAreLetInFromThePromotionUntilAHandover() {
        // given
        Node node = candidate(N2, START);
        node.receives(N3, new Message.Promise(2, 3, START, three()));
        node.answered(N3, 3);
        assertThat(node.state.letsClientsIn(node.now)).isFalse();
        // when, then
        node.on(new Event.Promoted(2, HISTORY, new Lsn(1100)));
        assertThat(node.state.letsClientsIn(node.now)).isTrue();
        node.on(new Event.EpochCommitted(2));
        node.probed(1200, N3, 1200);
        node.answered(N3, 3);
        node.on(new Event.Switchover("s", N3));
        assertThat(node.state.letsClientsIn(node.now)).isFalse();
    }

    @Test
    void aFollowerLetsClientsGoToWhoIsPromotedButNotToWhoHandsOver() {
        // given
        Node node = standby(N2);
        // when, then
        assertThat(letsClientsIn(node, 1, false, List.of())).isFalse();
        assertThat(letsClientsIn(node, 2, false, HISTORY)).isTrue();
        assertThat(letsClientsIn(node, 3, true, HISTORY)).isTrue();
        assertThat(letsClientsIn(node, 4, false, HISTORY)).isFalse();
    }

    private static boolean letsClientsIn(Node node, long sent, boolean ready, List<TimelineSwitch> history) {
        node.receives(
                N1, new Message.Heartbeat(2, ready, history, sent, new Lsn(2000), START, three().at(version(2, 0))));
        return Objects.requireNonNull(node.state.leader()).letsClientsIn();
    }

    // Switchover

    @Test
    void aSwitchoverWaitsUntilTheTargetHasEverything() {
        Node node = active(three());
        node.probed(2000, N2, 1990, N3, 2000);
        node.answered(N2, 2);
        node.on(new Event.Switchover("s", N2));
        assertThat(node.actions).contains(new Action.Drain(2));
        // nobody sends it clients any more
        assertThat(node.sent(N2))
                .singleElement()
                .isInstanceOfSatisfying(
                        Message.Heartbeat.class,
                        heartbeat -> assertThat(heartbeat.ready()).isFalse());
        node.on(new Event.Drained(2, new Lsn(2005)));
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE);
        node.probed(2005, N2, 2005, N3, 2000);
        // the other two can elect without it
        assertThat(node.actions).contains(new Action.Answer("s", null), new Action.StepDown(2, true));
        assertThat(node.sent(N2)).containsExactly(new Message.Resignation(2, N2));
        assertThat(node.sent(N3)).containsExactly(new Message.Resignation(2, N2));
    }

    @Test
    void aSwitchoverToWhoIsNotInSyncIsRefused() {
        Node node = active(three());
        node.probed(2000, N3, 2000);
        node.on(new Event.Switchover("s", N2));
        assertThat(node.refusal()).extracting(Refusal::detail).isEqualTo("n2 does not stream");
        assertThat(node.refusal().hint()).endsWith("take one of n3");
        node.on(new Event.Switchover("s", N1));
        assertThat(node.refusal().detail()).isEqualTo("n1 is the active node already");
        node.on(new Event.Switchover("s", N4));
        assertThat(node.refusal()).isEqualTo(new Refusal("n4 is not a member of the cluster", "name one of n3"));
    }

    @Test
    void aSwitchoverWhoseTargetFallsBehindIsGivenUp() {
        Node node = active(three());
        node.probed(2000, N3, 2000);
        node.on(new Event.Switchover("s", null));
        node.on(new Event.Drained(2, new Lsn(2005)));
        for (int i = 0; i < 21; i++) {
            node.after(100);
            node.probed(2005, N3, 2000);
            node.answered(N3, 3);
        }
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE);
        assertThat(node.actionsOfAll).contains(new Action.Undrain(2));
    }

    @Test
    void theSuccessorStandsAtOnceAndTheOthersLater() {
        Node successor = follower(N2);
        successor.receives(N1, new Message.Resignation(2, N2));
        assertThat(successor.state.role()).isEqualTo(Role.CANDIDATE);
        Node other = follower(N3);
        other.receives(N1, new Message.Resignation(2, N2));
        other.after(500);
        assertThat(other.state.role()).isEqualTo(Role.FOLLOWER);
        other.receives(N2, new Message.PrevoteRequest(3, false));
        assertThat(other.sent(N2)).containsExactly(new Message.PrevoteAnswer(3, true));
    }

    // Forcing

    @Test
    void aForcedNodeNeedsNobodyAndTakesAnEpochOfItsOwn() {
        Set<Long> epochs = new HashSet<>();
        for (NodeId id : List.of(N2, N3)) {
            Node node = standby(id);
            node.on(new Event.Force("f", Set.of()));
            assertThat(node.state.role()).isEqualTo(Role.ACTIVE_STARTING);
            assertThat(node.state.epoch()).isBetween(1001L, 1100L);
            assertThat(node.state.durable().configuration().voters()).containsExactly(id);
            assertThat(node.actions).contains(new Action.Answer("f", null));
            epochs.add(node.state.epoch());
        }
        assertThat(epochs).hasSize(2);
    }

    @Test
    void forcingIsRefusedWhileAnActiveNodeAnswers() {
        Node node = follower(N2);
        node.on(new Event.Force("f", Set.of()));
        assertThat(node.refusal())
                .isEqualTo(new Refusal("n1 is active and answers", "use switchover, which loses nothing"));
    }

    // The configuration

    @Test
    void aNewVoterIsWaitedForBeforeItCounts() {
        Node node = active(three());
        node.on(new Event.Join("j", N4, MemberKind.DATA, 0));
        assertThat(node.actions).contains(new Action.Answer("j", null));
        node.answered(N3, 3);
        node.answeredStreaming(N4, 44);
        node.probed(2000, N2, 2000, N3, 2000, N4, 1990);
        node.after(1);
        SyncSetting wider = new SyncSetting(2, List.of(N2, N3, N4));
        assertThat(node.actions).contains(new Action.SetSync(wider));
        assertThat(node.persisted()).isEmpty();
        node.on(new Event.SyncApplied(wider, new Lsn(2000)));
        assertThat(node.state.durable().configuration().voters()).contains(N4);
        assertThat(node.state.durable().configuration().member(N4).orElseThrow().incarnation())
                .isEqualTo(44);
    }

    @Test
    void aVoterThatLeavesIsWaitedForUntilAMajorityOfBothKnows() {
        Node node = active(three());
        node.on(new Event.Leave("l", N2));
        assertThat(node.state.durable().configuration().voters()).containsExactly(N1, N3);
        assertThat(node.actions).doesNotContain(new Action.SetSync(new SyncSetting(1, List.of(N3))));
        assertThat(node.sent(N2)).as("it is told").hasSize(1);
        node.answered(N2, 2);
        assertThat(node.actions)
                .as("no majority of the two that stay")
                .doesNotContain(new Action.SetSync(new SyncSetting(1, List.of(N3))));
        node.answered(N3, 3);
        assertThat(node.actions).contains(new Action.SetSync(new SyncSetting(1, List.of(N3))));
    }

    @Test
    void aLostStandbyIsOutOfSyncAtAMajorityBeforeCommitsStopToWaitForIt() {
        // given
        Node node = active(witnessed(Set.of(N1, N2)));
        SyncSetting alone = new SyncSetting(0, List.of());
        // when
        for (int i = 0; i < 12; i++) {
            node.after(100);
            node.probed(2000);
            node.answered(W, 9, version(2, 0));
        }
        // then
        assertThat(node.state.durable().configuration().inSync()).containsExactly(N1);
        assertThat(node.actionsOfAll).doesNotContain(new Action.SetSync(alone));
        node.answered(W, 9);
        assertThat(node.actions).contains(new Action.SetSync(alone));
    }

    @Test
    void aStandbyThatReturnsIsWaitedForThenCatchesUpThenCounts() {
        Node node = active(witnessed(Set.of(N1)));
        SyncSetting both = new SyncSetting(1, List.of(N2));
        node.answered(W, 9);
        node.answeredStreaming(N2, 2);
        node.probed(2000, N2, 1900);
        node.after(1);
        assertThat(node.actions).contains(new Action.SetSync(both));
        node.on(new Event.SyncApplied(both, new Lsn(2000)));
        assertThat(node.state.durable().configuration().inSync()).containsExactly(N1);
        node.probed(2010, N2, 1999);
        assertThat(node.state.durable().configuration().inSync()).containsExactly(N1);
        node.probed(2010, N2, 2000);
        assertThat(node.state.durable().configuration().inSync()).containsExactlyInAnyOrder(N1, N2);
    }

    @Test
    void whoHasForgottenItsPromisesLosesItsVote() {
        Node node = active(three());
        node.answered(N3, 3);
        node.answered(N2, 222);
        node.after(1);
        assertThat(node.state.durable().configuration().voters()).containsExactly(N1, N3);
    }

    @Test
    void anActiveNodeWithAFullDiskResignsToTheBestStandbyInSyncThatHasRoom() {
        // given
        Node node = active(three());
        Map<NodeId, Lsn> flushed = Map.of(N2, new Lsn(1200), N3, new Lsn(1190));
        afterASecondInWhichOnlyN3HasRoom(node);
        // when
        node.probedFull(1200, flushed);
        node.after(25);
        // then: n2 is newer by an unacknowledged record, and full as well
        assertThat(node.sent(N3)).contains(new Message.Resignation(2, N3));
        assertThat(node.sent(N2)).contains(new Message.Resignation(2, N3));
        assertThat(node.actions).contains(new Action.StepDown(2, true));
        assertThat(node.state.diskFull()).isTrue();
    }

    private static void afterASecondInWhichOnlyN3HasRoom(Node node) {
        for (int i = 0; i < 6; i++) {
            node.answeredStreaming(N2, 2, true);
            node.answeredStreaming(N3, 3, false);
            node.probed(1200, N2, 1200, N3, 1190);
            node.after(200);
        }
    }

    @Test
    void anActiveNodeWithAFullDiskServesOnWhileNobodyCanTakeOver() {
        // given: both are full, or one has room but does not stream
        Node node = active(three());
        afterASecondInWhichOnlyN3HasRoom(node);
        // when
        node.probedFull(1200, Map.of(N2, new Lsn(1200)));
        node.after(25);
        // then
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE);
        // when: there is room again
        node.probed(1200, N2, 1200, N3, 1200);
        node.answeredStreaming(N3, 3, false);
        node.after(25);
        // then
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE);
        assertThat(node.state.diskFull()).isFalse();
    }

    @Test
    void withAFullDiskNobodyIsHandedOverToInAPauseOrRightAfterAnElection() {
        // given
        Node node = active(three());
        node.answeredStreaming(N2, 2);
        // when
        node.probedFull(1200, Map.of(N2, new Lsn(1200)));
        node.after(25);
        // then
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE);
        // when
        node.on(new Event.SetPaused("p", true));
        node.answeredStreaming(N2, 2);
        for (int i = 0; i < 4; i++) {
            node.answeredStreaming(N2, 2);
            node.probedFull(1200, Map.of(N2, new Lsn(1200)));
            node.after(400);
        }
        // then
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE);
    }

    @Test
    void aStandbyWithAFullDiskTellsItAndLetsTheOthersStandFirst() {
        // given
        Node node = new Node(N2, three());
        node.on(new Event.StandbyStarted(CLUSTER, START));
        node.receives(N1, new Message.Heartbeat(2, true, HISTORY, 7, new Lsn(1000), START, three().at(version(2, 0))));
        node.on(new Event.Probed(false, START, true, Map.of(), true));
        // when
        node.receives(N1, new Message.Heartbeat(2, true, HISTORY, 8, new Lsn(1000), START, three().at(version(2, 0))));
        // then
        assertThat(node.sent(N1))
                .filteredOn(Message.HeartbeatAnswer.class::isInstance)
                .extracting(message -> ((Message.HeartbeatAnswer) message).diskFull())
                .containsExactly(true);
        // when: the active one is silent for longer than a node with room would wait
        node.after(1500);
        // then
        assertThat(node.state.role()).isEqualTo(Role.FOLLOWER);
        // when
        node.after(800);
        // then
        assertThat(node.state.role()).isEqualTo(Role.PREVOTE);
    }

    @Test
    void withAWitnessWhoTakesOverCommitsNothingBeforeTheLostNodeIsOutOfSync() {
        // given: n2 is lost, and the witness promised
        Node node = new Node(N1, witnessed(Set.of(N1, N2)));
        node.on(new Event.StandbyStarted(CLUSTER, START));
        node.on(new Event.Campaign("c"));
        node.receives(W, new Message.Promise(2, 9, Position.NONE, witnessed(Set.of(N1, N2))));
        // when
        node.on(new Event.Promoted(2, HISTORY, new Lsn(1100)));
        // then: a commit would wait for n2
        assertThat(node.actions).doesNotContain(new Action.CommitEpoch(2));
        node.on(new Event.Probed(true, new Position(2, new Lsn(1100)), false, Map.of()));
        for (int i = 0; i < 3; i++) {
            node.answered(W, 9, version(1, 0));
            node.after(400);
        }
        node.on(new Event.Probed(true, new Position(2, new Lsn(1100)), false, Map.of()));
        assertThat(node.state.durable().configuration().inSync())
                .as("nothing changes before a majority has stored what was chosen")
                .containsExactlyInAnyOrder(N1, N2);
        node.answered(W, 9);
        node.after(50);
        assertThat(node.state.durable().configuration().inSync()).containsExactly(N1);
        assertThat(node.actionsOfAll)
                .as("and commits wait for n2 until a majority knows that it is not in sync")
                .noneMatch(Action.SetSync.class::isInstance);
        // when
        node.answered(W, 9);
        // then
        SyncSetting alone = new SyncSetting(0, List.of());
        assertThat(node.actions).contains(new Action.SetSync(alone));
        node.on(new Event.SyncApplied(alone, new Lsn(1100)));
        node.on(new Event.Probed(true, new Position(2, new Lsn(1100)), false, Map.of()));
        assertThat(node.actions).contains(new Action.CommitEpoch(2));
        node.on(new Event.EpochCommitted(2));
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE);
    }

    @Test
    void withAWitnessTheFirstCommitBeginsWhenTheOtherNodeStreams() {
        // given
        Node node = new Node(N1, witnessed(Set.of(N1, N2)));
        node.on(new Event.StandbyStarted(CLUSTER, START));
        node.on(new Event.Campaign("c"));
        node.receives(W, new Message.Promise(2, 9, Position.NONE, witnessed(Set.of(N1, N2))));
        node.on(new Event.Promoted(2, HISTORY, new Lsn(1100)));
        // when
        node.on(new Event.Probed(true, new Position(2, new Lsn(1100)), false, Map.of(N2, new Lsn(1100))));
        // then
        assertThat(node.actions).contains(new Action.CommitEpoch(2));
        node.after(50);
        assertThat(node.actions).as("once").doesNotContain(new Action.CommitEpoch(2));
    }

    @Test
    void aPauseIsStoredByAll() {
        Node node = active(three());
        node.on(new Event.SetPaused("p", true));
        assertThat(node.persisted())
                .singleElement()
                .satisfies(
                        durable -> assertThat(durable.configuration().paused()).isTrue());
        node.on(new Event.SetPaused("p", false));
        assertThat(node.refusal().detail()).contains("STORING");
        assertThat(node.refusal().passing()).isTrue();
    }

    @Test
    void onlyTheActiveNodeChangesTheConfiguration() {
        Node node = follower(N2);
        node.on(new Event.Leave("l", N3));
        assertThat(node.refusal().detail()).startsWith("n2 is not the active node");
        assertThat(node.refusal().passing()).isFalse();
    }

    @Test
    void whatIsAskedForDuringASwitchoverIsNotAskedForAgain() {
        // given
        Node node = active(three());
        node.probed(2000, N2, 1990, N3, 2000);
        node.on(new Event.Switchover("s", N3));
        // when
        node.on(new Event.Switchover("t", N2));
        // then
        assertThat(node.refusal())
                .isEqualTo(new Refusal("a switchover is under way", "wait until it has ended, then try again"));
    }

    // Fixtures

    private static ConfigurationVersion version(long epoch, long number) {
        return new ConfigurationVersion(epoch, number);
    }

    private static Configuration three() {
        return new Configuration(
                version(1, 0), List.of(data(N1, 1), data(N2, 2), data(N3, 3)), Set.of(N1, N2, N3), false);
    }

    private static Configuration witnessed(Set<NodeId> inSync) {
        Member witness = Member.joining(W, MemberKind.WITNESS, 0).voter(9);
        return new Configuration(version(1, 0), List.of(data(N1, 1), data(N2, 2), witness), inSync, false);
    }

    private static Member data(NodeId id, long incarnation) {
        return Member.joining(id, MemberKind.DATA, 0).voter(incarnation);
    }

    private static DurableState durable(NodeId self, Configuration configuration) {
        Member me = configuration.member(self).orElseThrow();
        return new DurableState(CLUSTER, self, me.kind(), me.incarnation(), 1, null, null, 0, configuration, false);
    }

    private static Message.Heartbeat heartbeat(long epoch, long sent, Configuration configuration) {
        return new Message.Heartbeat(epoch, true, HISTORY, sent, new Lsn(2000), START, configuration.at(version(2, 0)));
    }

    private static Node standby(NodeId self) {
        Node node = new Node(self, three());
        node.on(new Event.StandbyStarted(CLUSTER, START));
        return node;
    }

    /** Streams from n1, active in epoch 2. */
    private static Node follower(NodeId self) {
        Node node = standby(self);
        node.receives(N1, heartbeat(2, 1, three()));
        node.on(new Event.Probed(false, new Position(2, new Lsn(2000)), true, Map.of()));
        return node;
    }

    /** In epoch 2, with its own promise. */
    private static Node candidate(NodeId self, Position position) {
        Node node = new Node(self, three());
        node.on(new Event.StandbyStarted(CLUSTER, position));
        node.on(new Event.Campaign("c"));
        return node;
    }

    /** N1, active in epoch 2. */
    private static Node active(Configuration configuration) {
        NodeId other = configuration.hasWitness() ? W : N3;
        long incarnation = configuration.member(other).orElseThrow().incarnation();
        Node node = new Node(N1, configuration);
        node.on(new Event.StandbyStarted(CLUSTER, START));
        node.on(new Event.Campaign("c"));
        node.receives(
                other,
                new Message.Promise(2, incarnation, configuration.hasWitness() ? Position.NONE : START, configuration));
        node.on(new Event.Promoted(2, HISTORY, new Lsn(1100)));
        node.on(new Event.EpochCommitted(2));
        node.answered(other, incarnation);
        assertThat(node.state.role()).isEqualTo(Role.ACTIVE);
        return node;
    }

    private static Node rejoining() {
        Node node = follower(N2);
        node.receives(N3, heartbeatOfFour(1));
        node.on(new Event.ReceiverStopped(4, new Position(2, new Lsn(1501))));
        return node;
    }

    private static Message heartbeatOfFour(long sentNanos) {
        return new Message.Heartbeat(
                4,
                true,
                List.of(new TimelineSwitch(4, 2, new Lsn(1500))),
                sentNanos,
                new Lsn(1600),
                new Position(2, new Lsn(1500)),
                three().at(version(4, 0)));
    }

    /** A node under test, and what its last step did. */
    private static final class Node {

        private final Election election = new Election(Settings.DEFAULT);
        private final List<Action> actionsOfAll = new ArrayList<>();
        private State state;
        private List<Action> actions;
        private long now = 5_000 * MILLI;

        Node(NodeId self, Configuration configuration) {
            this(durable(self, configuration));
        }

        Node(DurableState durable) {
            Step step = election.boot(durable, now);
            state = step.state();
            actions = step.actions();
        }

        void on(Event event) {
            Step step = election.step(state, event, now);
            state = step.state();
            actions = step.actions();
            actionsOfAll.addAll(actions);
        }

        void after(long millis) {
            now += millis * MILLI;
            on(new Event.Tick());
        }

        void receives(NodeId from, Message message) {
            on(new Event.Received(from, CLUSTER, message));
        }

        /** The node answers a heartbeat that was sent just now, and has stored the configuration. */
        void answered(NodeId from, long incarnation) {
            answered(from, incarnation, state.durable().configuration().version());
        }

        void answered(NodeId from, long incarnation, ConfigurationVersion stored) {
            now++;
            Role role = from.equals(W) ? Role.WITNESS : Role.FOLLOWER;
            receives(from, new Message.HeartbeatAnswer(2, now, stored, incarnation, role, false, START, false));
        }

        void answeredAt(NodeId from, long incarnation, Position position) {
            now++;
            ConfigurationVersion stored = state.durable().configuration().version();
            receives(
                    from,
                    new Message.HeartbeatAnswer(2, now, stored, incarnation, Role.FOLLOWER, false, position, false));
        }

        void answeredStreaming(NodeId from, long incarnation) {
            answeredStreaming(from, incarnation, false);
        }

        void answeredStreaming(NodeId from, long incarnation, boolean diskFull) {
            now++;
            ConfigurationVersion stored = state.durable().configuration().version();
            receives(
                    from,
                    new Message.HeartbeatAnswer(2, now, stored, incarnation, Role.FOLLOWER, true, START, diskFull));
        }

        void probed(long lsn, Object... standbys) {
            Map<NodeId, Lsn> flushed = new HashMap<>();
            for (int i = 0; i < standbys.length; i += 2) {
                flushed.put((NodeId) standbys[i], new Lsn(((Number) standbys[i + 1]).longValue()));
            }
            on(new Event.Probed(true, new Position(2, new Lsn(lsn)), false, flushed));
        }

        /** The same of a node that has no room to write. */
        void probedFull(long lsn, Map<NodeId, Lsn> flushed) {
            on(new Event.Probed(true, new Position(2, new Lsn(lsn)), false, flushed, true));
        }

        List<Message> sent(NodeId to) {
            return actions.stream()
                    .filter(action ->
                            action instanceof Action.Send send && send.to().equals(to))
                    .map(action -> ((Action.Send) action).message())
                    .toList();
        }

        List<DurableState> persisted() {
            return actions.stream()
                    .filter(Action.Persist.class::isInstance)
                    .map(action -> ((Action.Persist) action).durable())
                    .toList();
        }

        Refusal refusal() {
            @Nullable
            Refusal found = actions.stream()
                    .filter(Action.Answer.class::isInstance)
                    .map(action -> ((Action.Answer) action).refusal())
                    .findFirst()
                    .orElse(null);
            assertThat(found).isNotNull();
            return found;
        }
    }
}
