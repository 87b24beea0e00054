package io.holdfast.workflow.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.RestoreEvent;
import io.holdfast.contracts.events.SchedulerCommand.RecordWorkflowOutcome;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import io.holdfast.messaging.EventJson;
import io.holdfast.testsupport.HoldfastResources;
import io.holdfast.workflow.running.app.ForgetExecutions;
import io.micrometer.core.instrument.Metrics;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing old runs: messages of the former manager after a restore, earlier dispatches, what was stopped. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class FencingIT {

    private static final Instant NOON = Instant.parse("2026-03-13T12:00:00Z");

    @ConfigProperty(name = "holdfast.broker.url")
    String brokerUrl;

    @Inject
    @DataSource("workflow")
    AgroalDataSource dataSource;

    @Inject
    ForgetExecutions forgetExecutions;

    private ManagerSide manager;
    private Database database;

    @BeforeEach
    void listenForAnswers() throws Exception {
        database = new Database(dataSource);
        database.forgetEverything();
        manager = new ManagerSide(brokerUrl, "scheduler.execution.outcome");
    }

    @AfterEach
    void hangUp() throws Exception {
        manager.close();
    }

    @Test
    void afterARestoreAStartOfTheFormerManagerDoesNotRun() throws Exception {
        // given
        double refused = refused("epoch");
        manager.send(new RestoreEvent.Completed("r1", "nightly", "t1", 4, NOON, 1, 0, 0));
        awaitEpoch(4);
        // when
        manager.send(start("old", "token-old", 3, 1));
        // then
        RecordWorkflowOutcome outcome = answer();
        assertThat(outcome.status()).isEqualTo("failed");
        assertThat(outcome.error()).isEqualTo("its start command is from before a restore");
        // Both of the former manager's: the scheduler drops it where the execution came through the restore.
        assertThat(outcome.token()).isEqualTo("token-old");
        assertThat(outcome.epoch()).isEqualTo(3);
        assertThat(taken()).isEmpty();
        assertThat(refused("epoch")).isEqualTo(refused + 1);
    }

    @Test
    void anUndoneRestoreRaisesTheFenceToo() throws Exception {
        // when
        manager.send(new RestoreEvent.Undone("r1", "admin", 6, NOON));
        // then
        awaitEpoch(6);
        manager.send(start("old", "token-old", 5, 1));
        assertThat(answer().error()).isEqualTo("its start command is from before a restore");
    }

    @Test
    void theFenceNeverComesDown() throws Exception {
        // given
        manager.send(new RestoreEvent.Completed("r2", "nightly", "t1", 9, NOON, 0, 0, 0));
        awaitEpoch(9);
        // when
        manager.send(new RestoreEvent.Completed("r1", "nightly", "t1", 8, NOON, 0, 0, 0));
        manager.send(new RestoreEvent.Completed("r3", "nightly", "t1", 10, NOON, 0, 0, 0));
        // then
        awaitEpoch(10);
    }

    @Test
    void aStartOfAHigherEpochRaisesTheFenceByItself() throws Exception {
        // given
        manager.send(start("new", "token-new", 12, 1));
        assertThat(answer().error()).isEqualTo(Answers.NO_WORKER);
        // when
        manager.send(start("old", "token-old", 11, 1));
        // then
        assertThat(answer().error()).isEqualTo("its start command is from before a restore");
    }

    @Test
    void anEarlierAttemptThatComesLateIsRefusedAndNotAnswered() throws Exception {
        // given
        double refused = refused("attempt");
        manager.send(start("e1", "token-2", 1, 2));
        assertThat(answer().token()).isEqualTo("token-2");
        // when
        manager.send(start("e1", "token-1", 1, 1));
        // then
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(refused("attempt")).isEqualTo(refused + 1));
        assertThat(taken()).containsExactly("token-2");
    }

    @Test
    void aLaterAttemptOrEpochIsTaken() throws Exception {
        // when
        manager.send(start("e1", "token-1", 1, 5));
        assertThat(answer().token()).isEqualTo("token-1");
        manager.send(start("e1", "token-2", 1, 6));
        assertThat(answer().token()).isEqualTo("token-2");
        manager.send(start("e1", "token-3", 2, 1));
        // then
        assertThat(answer().token()).isEqualTo("token-3");
        assertThat(taken()).containsExactly("token-3");
    }

    @Test
    void theSameDispatchUnderAnotherMessageIdIsNotAnsweredAgain() throws Exception {
        // given
        manager.send(start("e1", "token-1", 1, 1));
        assertThat(answer().token()).isEqualTo("token-1");
        int before = inbox();
        // when
        manager.send(start("e1", "token-1", 1, 1));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(inbox()).isEqualTo(before + 1));
        manager.send(start("e2", "token-2", 1, 1));
        // then
        assertThat(answer().token()).isEqualTo("token-2");
    }

    @Test
    void aStopThatOvertakesItsStartKeepsItFromRunning() throws Exception {
        // given
        manager.send(new StopExecution("e1", "t1", "cancel", "token-1", 1));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(taken()).containsExactly(""));
        // when
        manager.send(start("e1", "token-1", 1, 1));
        // then
        RecordWorkflowOutcome outcome = answer();
        assertThat(outcome.status()).isEqualTo("cancelled");
        assertThat(outcome.token()).isEqualTo("token-1");
    }

    @Test
    void aStopOfAnEarlierDispatchDoesNotStopTheNext() throws Exception {
        // given
        manager.send(new StopExecution("e1", "t1", "cancel", "token-1", 1));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(taken()).containsExactly(""));
        // when
        manager.send(start("e1", "token-2", 1, 2));
        // then
        assertThat(answer().error()).isEqualTo(Answers.NO_WORKER);
    }

    @Test
    void aHeldExecutionIsCancelledWhenItIsStopped() throws Exception {
        // given
        database.execute("INSERT INTO workflow_control.taken (tenant_name, execution_id, epoch, attempt, token, state)"
                + " VALUES ('t1', 'e1', 1, 1, 'token-1', 'held')");
        // when
        manager.send(new StopExecution("e1", "t1", "kill", "token-1", 1));
        // then
        RecordWorkflowOutcome outcome = answer();
        assertThat(outcome.status()).isEqualTo("cancelled");
        assertThat(outcome.token()).isEqualTo("token-1");
        assertThat(outcome.epoch()).isEqualTo(1);
    }

    @Test
    void aStopFromBeforeARestoreIsRefused() throws Exception {
        // given
        double refused = refused("epoch");
        manager.send(new RestoreEvent.Completed("r1", "nightly", "t1", 4, NOON, 1, 0, 0));
        awaitEpoch(4);
        // when
        manager.send(new StopExecution("e1", "t1", "cancel", "token-1", 3));
        // then
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(refused("epoch")).isEqualTo(refused + 1));
        assertThat(taken()).isEmpty();
    }

    @Test
    void whatWasAnsweredLongAgoIsForgottenAndWhatIsHeldIsNot() throws Exception {
        // given
        database.execute("INSERT INTO workflow_control.taken"
                + " (tenant_name, execution_id, epoch, attempt, token, state, taken_at) VALUES"
                + " ('t1', 'e1', 1, 1, 'old', 'answered', now() - interval '15 days'),"
                + " ('t1', 'e2', 1, 1, 'young', 'answered', now() - interval '13 days'),"
                + " ('t1', 'e3', 1, 1, 'held', 'held', now() - interval '15 days')");
        // when
        forgetExecutions.forget();
        // then
        assertThat(taken()).containsExactlyInAnyOrder("young", "held");
    }

    private static StartExecution start(String id, String token, long epoch, int attempt) {
        return new StartExecution(
                id, "t1", "install", null, null, null, Map.of(), false, false, false, "admin", token, epoch, attempt,
                null);
    }

    private RecordWorkflowOutcome answer() {
        return EventJson.read(manager.answers(1).get(0).getBody(), RecordWorkflowOutcome.class);
    }

    private void awaitEpoch(long epoch) {
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(database.texts("SELECT highest FROM workflow_control.seen_epoch"))
                        .containsExactly(String.valueOf(epoch)));
    }

    private int inbox() throws Exception {
        return database.texts("SELECT message_id FROM workflow_control.inbox WHERE consumer = 'workflow.commands'")
                .size();
    }

    private List<String> taken() throws Exception {
        return database.texts("SELECT token FROM workflow_control.taken");
    }

    private static double refused(String reason) {
        return Metrics.counter("holdfast.workflow.refused", "reason", reason).count();
    }
}
