package io.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.Event;
import io.holdfast.contracts.events.SchedulerCommand.RecordEvents;
import io.holdfast.contracts.events.SchedulerCommand.RecordHeartbeat;
import io.holdfast.contracts.events.SchedulerCommand.RecordWorkflowOutcome;
import io.holdfast.messaging.BrokerRebuilt;
import io.holdfast.messaging.EventJson;
import io.holdfast.scheduler.dispatch.NoLoop;
import io.holdfast.scheduler.dispatch.Rows;
import io.holdfast.scheduler.dispatch.app.ClaimDue;
import io.holdfast.scheduler.dispatch.app.WatchDispatch;
import io.holdfast.scheduler.executions.Action;
import io.holdfast.scheduler.executions.app.ChangeExecution;
import io.holdfast.scheduler.executions.app.Sweep;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to executions whose worker is silent, and to those that became due while nobody looked. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
@TestProfile(NoLoop.class)
class LeasesIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Inject
    ClaimDue claim;

    @Inject
    WatchDispatch watch;

    @Inject
    Sweep sweep;

    @Inject
    ChangeExecution change;

    @Inject
    jakarta.enterprise.event.Event<BrokerRebuilt> broker;

    @Inject
    io.micrometer.core.instrument.MeterRegistry registry;

    @Inject
    Clock clock;

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    @ConfigProperty(name = "holdfast.broker.url")
    String brokerUrl;

    private Rows rows;
    private Wire wire;
    private String prefix;

    @BeforeEach
    void clear() {
        rows = new Rows(dataSource);
        rows.clear();
        rows.run("UPDATE scheduler_control.dispatch_watch SET alive_until = statement_timestamp()");
        wire = new Wire(brokerUrl);
        prefix = UUID.randomUUID() + "-";
    }

    @AfterEach
    void hangUp() {
        wire.close();
    }

    @Test
    void startCommandIsSentAgainUnderTheSameIdWhileNobodyAnswers() throws Exception {
        // given
        String id = pending();
        String token = token(id);
        rows.run("UPDATE scheduler.executions SET wait_after_fail = 30 WHERE id = '" + id + "'");
        sweep.sweep();
        assertThat(lease(id)).isBetween(200.0, 300.0);
        // when
        lapse(id);
        sweep.sweep();
        sweep.sweep();
        // then
        await().atMost(PATIENCE).until(() -> wire.commandsFor(id).size() == 2);
        assertThat(wire.commandsFor(id))
                .allSatisfy(seen -> assertThat(seen.properties().getMessageId()).isEqualTo(token));
        assertThat(JSON.readTree(wire.commandsFor(id).get(1).body())
                        .path("waitAfterFail")
                        .asInt())
                .isEqualTo(30);
        assertThat(token(id)).isEqualTo(token);
        assertThat(status(id)).isEqualTo("pending");
        // and when it has waited for long, it is asked less often
        rows.run("UPDATE scheduler.executions SET dispatched_at = statement_timestamp() - interval '20 minutes'");
        lapse(id);
        sweep.sweep();
        assertThat(lease(id)).isBetween(1_000.0, 1_300.0);
    }

    @Test
    void onlyWhatLaterOnesHaveOvertakenIsSentAgainAndTheNewestToSeeWhetherTheQueueIsLost() {
        // given
        List<String> ids = List.of("1", "2", "3").stream().map(this::dueAlone).toList();
        ids.forEach(this::lapse);
        // when
        sweep.sweep();
        // then
        await().atMost(PATIENCE).until(() -> wire.commandsFor(ids.get(2)).size() == 2);
        assertThat(ids).extracting(id -> wire.commandsFor(id).size()).containsExactly(1, 1, 2);
        // and when a worker has come to the second
        change.report("t", ids.get(1), "started", null, "admin");
        lapse(ids.get(2));
        sweep.sweep();
        sweep.sweep();
        // then the first was lost, and the third may still be on its way: it is asked for again once nothing is
        // overtaken
        await().atMost(PATIENCE).until(() -> wire.commandsFor(ids.get(2)).size() == 3);
        assertThat(ids).extracting(id -> wire.commandsFor(id).size()).containsExactly(2, 1, 3);
        assertThat(lease(ids.get(0))).isBetween(200.0, 300.0);
    }

    @Test
    void brokerThatLostItsDataGetsTheStartCommandsAgain() throws Exception {
        // given
        String id = pending();
        // when
        broker.fire(new BrokerRebuilt("somebody-else"));
        broker.fire(new BrokerRebuilt("scheduler"));
        // then
        await().atMost(PATIENCE).until(() -> wire.commandsFor(id).size() == 2);
        assertThat(wire.commandsFor(id))
                .allSatisfy(seen -> assertThat(seen.properties().getMessageId()).isEqualTo(token(id)));
    }

    @Test
    void heartbeatProlongsTheLeaseOfWhoHoldsTheExecution() throws Exception {
        // given
        String id = started();
        assertThat(rows.text("SELECT lease_until FROM scheduler.executions WHERE id = '" + id + "'"))
                .isNull();
        // when
        wire.send(new RecordHeartbeat(id, "t", "another-token", 0, clock.instant()));
        wire.send(new RecordHeartbeat(id, "t", token(id), 7, clock.instant()));
        String marker = marker();
        // then
        await().atMost(PATIENCE).until(() -> parkedFor(marker), "UNKNOWN_TYPE"::equals);
        assertThat(rows.text("SELECT lease_until FROM scheduler.executions WHERE id = '" + id + "'"))
                .isNull();
        wire.send(new RecordHeartbeat(id, "t", token(id), 0, clock.instant()));
        await().atMost(PATIENCE)
                .until(() -> rows.text("SELECT lease_until FROM scheduler.executions WHERE id = '" + id + "'") != null);
        assertThat(lease(id)).isBetween(1.0, 60.0);
    }

    @Test
    void executionOfALostWorkerIsResumedByAnotherAndFailsInTheEnd() throws Exception {
        // given
        String id = started();
        String firstToken = token(id);
        // when
        lapse(id);
        sweep.sweep();
        // then
        assertThat(status(id)).isEqualTo("pending");
        assertThat(token(id)).isNotEqualTo(firstToken);
        await().atMost(PATIENCE).until(() -> wire.commandsFor(id).size() == 2);
        JsonNode again = JSON.readTree(wire.commandsFor(id).get(1).body());
        assertThat(again.get("resume").asBoolean()).isTrue();
        assertThat(again.get("attempt").asInt()).isEqualTo(2);
        JsonNode resumed =
                JSON.readTree(wire.awaitFact("execution.resumed.v1", id).body());
        assertThat(resumed.get("reasonCode").asText()).isEqualTo("WORKER_LOST");
        // and when the lost worker comes back, and the next two are lost as well
        wire.send(new RecordWorkflowOutcome(id, "t", "terminated", null, firstToken, 0, clock.instant()));
        for (int attempt = 2; attempt <= 3; attempt++) {
            wire.send(new RecordWorkflowOutcome(id, "t", "started", null, token(id), 0, clock.instant()));
            await().atMost(PATIENCE).until(() -> status(id), "started"::equals);
            lapse(id);
            sweep.sweep();
        }
        assertThat(status(id)).isEqualTo("failed");
        assertThat(rows.text("SELECT reason_code || ': ' || error FROM scheduler.executions WHERE id = '" + id + "'"))
                .isEqualTo("WORKER_LOST: The worker was lost: no heartbeat for 60 s, in attempt 3 of 3");
        wire.awaitFact("execution.failed.v1", id);
    }

    @Test
    void workerThatNeverSentAHeartbeatIsNotTakenForLost() throws Exception {
        // given
        String id = started();
        // when
        sweep.sweep();
        // then
        assertThat(status(id)).isEqualTo("started");
    }

    @Test
    void stoppingAnExecutionTellsItsWorkerAndEndsWithoutAnAnswer() throws Exception {
        // given
        String id = started();
        String token = token(id);
        // when
        change.act("t", id, Action.CANCEL, "admin");
        change.act("t", id, Action.KILL, "admin");
        // then
        await().atMost(PATIENCE).until(() -> wire.commandsFor(id).size() == 3);
        JsonNode cancel = JSON.readTree(wire.commandsFor(id).get(1).body());
        JsonNode kill = JSON.readTree(wire.commandsFor(id).get(2).body());
        assertThat(cancel.get("mode").asText()).isEqualTo("cancel");
        assertThat(kill.get("mode").asText()).isEqualTo("kill");
        assertThat(kill.get("token").asText()).isEqualTo(token);
        sweep.sweep();
        assertThat(status(id)).isEqualTo("kill_cancelling");
        lapse(id);
        sweep.sweep();
        assertThat(status(id)).isEqualTo("cancelled");
    }

    @Test
    void endOfOneLetsTheNextOfItsKeyGoAndALimitThatGrewToo() throws Exception {
        // given
        rows.due("t", prefix, 4, ", concurrency_key", ", 'k'");
        claim.claim(100, false);
        assertThat(rows.ids("pending")).containsExactly(prefix + 1);
        // when
        change.report("t", prefix + 1, "started", null, "admin");
        change.report("t", prefix + 1, "terminated", null, "admin");
        // then
        assertThat(rows.ids("pending")).containsExactly(prefix + 2);
        wire.awaitCommandFor(prefix + 2);
        wire.awaitFact("execution.queued.v1", prefix + 2);
        rows.run("INSERT INTO scheduler.concurrency_limits (tenant_name, key, max_running) VALUES ('t', 'k', 2)");
        sweep.sweep();
        assertThat(rows.ids("pending")).containsExactly(prefix + 2, prefix + 3);
        assertThat(rows.ids("queued")).containsExactly(prefix + 4);
    }

    @Test
    void whatWaitsIsToldToWhoeverMeasures() {
        // given
        rows.due("t", prefix, 3, ", deployment_id", ", 'd'");
        claim.claim(100, false);
        rows.scheduled("t", prefix + "due", 1, "statement_timestamp() - interval '5 minutes'", "", "");
        // when
        sweep.sweep();
        // then
        assertThat(registry.get("holdfast.executions.queued").gauge().value()).isEqualTo(2);
        assertThat(registry.get("holdfast.executions.overdue.seconds").gauge().value())
                .isBetween(299.0, 600.0);
        assertThat(claim.claim(100, false).lateness().orElseThrow())
                .isBetween(Duration.ofSeconds(299), Duration.ofSeconds(600));
    }

    @Test
    void journalTakesTheLinesOfAWorkerAndParksWhatItCannotTake() throws Exception {
        // given
        String id = started();
        RecordEvents.Entry line = new RecordEvents.Entry(
                "cloudify_log", clock.instant(), null, "ctx", "info", "hello", "node_1", "node", "create");
        // when
        wire.send(new RecordEvents(id, "t", List.of(line, line)));
        UUID unknown = send(new RecordEvents("nobody", "t", List.of(line)));
        UUID tooMany = send(new RecordEvents(id, "t", Collections.nCopies(1_001, line)));
        UUID strange = send(new RecordEvents(
                id,
                "t",
                List.of(new RecordEvents.Entry("x", clock.instant(), null, null, null, "m", null, null, null))));
        // then
        await().atMost(PATIENCE).until(() -> parkedFor(strange.toString()), "SCHEMA_VIOLATION"::equals);
        assertThat(parkedFor(tooMany.toString())).isEqualTo("SCHEMA_VIOLATION");
        assertThat(parkedFor(unknown.toString())).isEqualTo("UNKNOWN_EXECUTION");
        assertThat(rows.texts("SELECT message || ' ' || level || ' ' || node_instance_id FROM scheduler.events"
                        + " WHERE execution_id = '" + id + "' AND type = 'cloudify_log'"))
                .containsExactly("hello info node_1", "hello info node_1");
    }

    @Test
    void whatBecameDueWhileNobodyLookedIsMissedWhenItIsTooLate() throws Exception {
        // given
        String hours = "statement_timestamp() - interval '1 hour' * ";
        rows.scheduled("t", prefix + "backlog", 1, hours + 4, "", "");
        rows.scheduled("t", prefix + "missed", 1, hours + 2, "", "");
        rows.scheduled("t", prefix + "occurrence", 1, hours + 2, ", schedule_id", ", 's'");
        rows.scheduled("t", prefix + "tolerable", 1, hours + 0.9, "", "");
        rows.run("UPDATE scheduler_control.dispatch_watch SET alive_until = " + hours + 3);
        // when
        assertThat(watch.touch()).isTrue();
        assertThat(watch.touch()).isTrue();
        claim.claim(100, false);
        // then
        assertThat(rows.ids("failed")).containsExactly(prefix + "missed1");
        assertThat(rows.ids("pending"))
                .containsExactly(prefix + "backlog1", prefix + "occurrence1", prefix + "tolerable1");
        assertThat(rows.text("SELECT error FROM scheduler.executions WHERE status = 'failed'"))
                .contains("but nothing was dispatched from ")
                .contains("later than the tolerance of 01:01:00");
        assertThat(rows.texts("SELECT event_type FROM scheduler.events WHERE execution_id = '" + prefix + "missed1'"))
                .containsExactly("workflow_failed");
        JsonNode failed = JSON.readTree(
                wire.awaitFact("execution.failed.v1", prefix + "missed1").body());
        assertThat(failed.get("reasonCode").asText()).isEqualTo("MISSED");
    }

    private String pending() {
        rows.due("t", prefix, 1, ", deployment_id", ", 'd'");
        claim.claim(100, false);
        wire.awaitCommandFor(prefix + 1);
        return prefix + 1;
    }

    /** Handed out by a claim of its own. */
    private String dueAlone(String name) {
        rows.due("t", prefix + name + "-", 1, "", "");
        claim.claim(100, false);
        String id = prefix + name + "-1";
        wire.awaitCommandFor(id);
        return id;
    }

    private String started() {
        String id = pending();
        wire.send(new RecordWorkflowOutcome(id, "t", "started", null, token(id), 0, clock.instant()));
        await().atMost(PATIENCE).until(() -> status(id), "started"::equals);
        return id;
    }

    private void lapse(String id) {
        rows.run("UPDATE scheduler.executions SET lease_until = statement_timestamp() WHERE id = '" + id + "'");
    }

    /** Seconds that are left of it. */
    private double lease(String id) {
        return Double.parseDouble(rows.text("SELECT extract(epoch FROM lease_until - statement_timestamp())"
                + " FROM scheduler.executions WHERE id = '" + id + "'"));
    }

    private String token(String id) {
        return rows.text("SELECT dispatch_token FROM scheduler.executions WHERE id = '" + id + "'");
    }

    private String status(String id) {
        return rows.text("SELECT status FROM scheduler.executions WHERE id = '" + id + "'");
    }

    private UUID send(Event event) {
        UUID id = UUID.randomUUID();
        wire.send(event.exchange(), event.routingKey(), event.type(), id, EventJson.write(event));
        return id;
    }

    /** A message that is parked at once: what was sent before it has been handled then. */
    private String marker() {
        UUID marker = UUID.randomUUID();
        wire.send(Event.COMMANDS, "scheduler.x", "scheduler.marker.v1", marker, "{}");
        return marker.toString();
    }

    private String parkedFor(String messageId) {
        return rows
                .texts("SELECT reason FROM scheduler_control.parked_message WHERE state = 'dead' AND message_id = '"
                        + messageId + "'")
                .stream()
                .findFirst()
                .orElse("");
    }
}
