package io.holdfast.scheduler.history;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.SchedulerCommand.RecordWorkflowOutcome;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.IdentitySigner;
import io.holdfast.scheduler.dispatch.NoLoop;
import io.holdfast.scheduler.dispatch.Rows;
import io.holdfast.scheduler.dispatch.app.ClaimDue;
import io.holdfast.scheduler.executions.Action;
import io.holdfast.scheduler.executions.Turns;
import io.holdfast.scheduler.executions.app.ChangeExecution;
import io.holdfast.scheduler.executions.app.RecordOutcome;
import io.holdfast.scheduler.history.app.ForgetHistory;
import io.holdfast.scheduler.history.app.ReadHistory;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every change of an execution leaves a step, in the transaction of the change. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
@TestProfile(NoLoop.class)
class HistoryIT {

    private static final String EXECUTIONS = "/internal/scheduler/v1/executions";

    @Inject
    ClaimDue claim;

    @Inject
    RecordOutcome outcomes;

    @Inject
    ChangeExecution change;

    @Inject
    ReadHistory history;

    @Inject
    ForgetHistory forget;

    @Inject
    UserTransaction transaction;

    @Inject
    IdentitySigner signer;

    @Inject
    Turns turns;

    @Inject
    Clock clock;

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    private Rows rows;

    @BeforeEach
    void clear() {
        rows = new Rows(dataSource);
        rows.clear();
        rows.run("DELETE FROM scheduler.execution_history");
    }

    @Test
    void everyStepIsThereWithWhoMadeIt() {
        // given
        rows.due("t", "e", 1, ", created_by", ", 'ann'");
        // when: claimed, started by its worker, cancelled by a user who loses patience, resumed, failed by its worker
        claim.claim(10, false);
        assertThat(steps("e1")).containsExactly("scheduled pending holdfast:scheduler null 1");
        report("e1", "started");
        change.act("t", "e1", Action.CANCEL, "ann");
        change.act("t", "e1", Action.KILL, "bob");
        report("e1", "failed");
        change.act("t", "e1", Action.RESUME, "ann");
        report("e1", "failed");
        // then
        assertThat(steps("e1"))
                .containsExactly(
                        "scheduled pending holdfast:scheduler null 1",
                        "pending started holdfast:worker null 1",
                        "started cancelling ann null 1",
                        "cancelling kill_cancelling bob null 1",
                        "kill_cancelling cancelled holdfast:worker null 1",
                        "cancelled pending ann null 2",
                        "pending failed holdfast:worker WORKFLOW_FAILED 2");
        assertThat(history.of("t", "e1", 100, 0).steps()).isSortedAccordingTo(Comparator.comparing(HistoryStep::at));
    }

    @Test
    void eventsOfAnExecutionCarryAVersionThatGrows() {
        // given
        rows.run("DELETE FROM scheduler_control.outbox_sent WHERE aggregate_id = 'v1'");
        rows.due("t", "v", 1, "", "");
        claim.claim(10, false);
        // when
        report("v1", "started");
        report("v1", "failed");
        change.act("t", "v1", Action.RESUME, "ann");
        report("v1", "terminated");
        // then
        List<String> events = rows.texts("SELECT type || ' ' || aggregate_version FROM (SELECT * FROM"
                + " (SELECT seq, type, aggregate_id, aggregate_version, exchange FROM scheduler_control.outbox UNION ALL"
                + " SELECT seq, type, aggregate_id, aggregate_version, exchange FROM scheduler_control.outbox_sent) a"
                + " WHERE aggregate_id = 'v1' AND exchange = 'holdfast.events' ORDER BY seq) e");
        assertThat(events)
                .containsExactly(
                        "execution.started.v1 2",
                        "execution.failed.v1 3",
                        "execution.resumed.v1 4",
                        "execution.started.v1 5",
                        "execution.succeeded.v1 6");
    }

    @Test
    void claimIsWrittenOnceWhateverItWasClaimedFrom() {
        // given: the second of a deployment waits for the first
        rows.due("t", "e", 2, ", deployment_id", ", 'd'");
        claim.claim(10, false);
        // when
        report("e1", "terminated");
        report("e2", "terminated");
        // then
        assertThat(steps("e1"))
                .containsExactly(
                        "scheduled pending holdfast:scheduler null 1",
                        "pending started holdfast:worker null 1",
                        "started terminated holdfast:worker null 1");
        assertThat(steps("e2"))
                .containsExactly(
                        "scheduled queued holdfast:scheduler DEPLOYMENT_BUSY 0",
                        "queued pending holdfast:scheduler null 1",
                        "pending started holdfast:worker null 1",
                        "started terminated holdfast:worker null 1");
    }

    @Test
    void whyItWaitsIsThereAsLongAsItWaits() {
        // given: the first of each kind has a place, the second has to wait for it
        rows.due("t", "d", 2, ", deployment_id", ", 'd'");
        rows.due("t", "k", 2, ", concurrency_key", ", 'gpu'");
        rows.run("INSERT INTO scheduler.tenant_limits (tenant_name, max_running) VALUES ('u', 1)");
        rows.due("u", "l", 2, "", "");
        rows.run("INSERT INTO scheduler.tenant_limits (tenant_name, starts_per_minute) VALUES ('v', 1)");
        rows.due("v", "r", 2, "", "");
        // when
        claim.claim(100, false);
        // then
        assertThat(steps("d2")).containsExactly("scheduled queued holdfast:scheduler DEPLOYMENT_BUSY 0");
        assertThat(steps("k2")).containsExactly("scheduled queued holdfast:scheduler CONCURRENCY_LIMIT 0");
        get("t", "/d2/history").body("items.reason_code", equalTo(List.of("DEPLOYMENT_BUSY")));
        get("t", "/k2").body("reason_code", equalTo("CONCURRENCY_LIMIT"));
        get("u", "/l2").body("status", equalTo("queued")).body("reason_code", equalTo("TENANT_LIMIT"));
        get("v", "/r2").body("status", equalTo("scheduled")).body("reason_code", nullValue());
        // and when it waits for something else, it says so
        rows.run("UPDATE scheduler.executions SET status = 'queued', changed_by = 'dba' WHERE id = 'r2'");
        assertThat(turns.release("v", "r2", Duration.ofMinutes(1))).isZero();
        get("v", "/r2").body("reason_code", equalTo("RATE_LIMIT"));
        // when: it gets its place, or is not wanted any more
        report("d1", "terminated");
        change.act("t", "k2", Action.CANCEL, "ann");
        // then
        get("t", "/d2").body("status", equalTo("pending")).body("reason_code", nullValue());
        get("t", "/k2").body("status", equalTo("cancelled")).body("reason_code", nullValue());
        assertThat(steps("k2"))
                .containsExactly(
                        "scheduled queued holdfast:scheduler CONCURRENCY_LIMIT 0", "queued cancelled ann null 0");
    }

    @Test
    void stepGoesWithTheTransactionOfItsChange() throws Exception {
        // given
        rows.due("t", "e", 1, "", "");
        // when
        transaction.begin();
        change.act("t", "e1", Action.CANCEL, "ann");
        transaction.rollback();
        // then
        assertThat(steps("e1")).isEmpty();
        // and a change by hand-made SQL leaves one all the same
        rows.run("UPDATE scheduler.executions SET status = 'cancelled', changed_by = 'dba' WHERE id = 'e1'");
        assertThat(steps("e1")).containsExactly("scheduled cancelled dba null 0");
    }

    @Test
    void clientsReadItInPartsAndOnlyOfWhatTheySee() {
        // given
        rows.due("t", "e", 1, ", priority, concurrency_key, wait_after_fail", ", 7, 'gpu', 30");
        claim.claim(10, false);
        change.report("t", "e1", "started", null, "ann");
        change.report("t", "e1", "terminated", null, "ann");
        // then
        get("t", "/e1/history?_size=1&_offset=1")
                .statusCode(200)
                .body("items.from", equalTo(List.of("pending")))
                .body("items.to", equalTo(List.of("started")))
                .body("items.changed_by", equalTo(List.of("ann")))
                .body("items.epoch", equalTo(List.of(0)))
                .body("metadata.pagination.total", equalTo(3));
        get("t", "/e1")
                .statusCode(200)
                .body("priority", equalTo(7))
                .body("concurrency_key", equalTo("gpu"))
                .body("wait_after_fail", equalTo(30));
        get("t", "").statusCode(200).body("items.priority", equalTo(List.of(7)));
        get("other", "/e1/history").statusCode(404);
        get("t", "/e1/history?_size=0").statusCode(400).body("detail", containsString("_size is a number from 1"));
    }

    @Test
    void historyIsForgottenAsAWholeAndOnlyWhenItsLastStepIsOld() {
        // given
        rows.due("t", "e", 3, "", "");
        claim.claim(10, false);
        for (String id : List.of("e1", "e2", "e3")) {
            report(id, "terminated");
        }
        rows.run("UPDATE scheduler.execution_history SET changed_at = changed_at - interval '91 days'"
                + " WHERE execution_id = 'e1' OR (execution_id = 'e2' AND to_status <> 'terminated')");
        // when
        forget.forget();
        // then
        assertThat(steps("e1")).isEmpty();
        assertThat(steps("e2")).hasSize(3);
        assertThat(steps("e3")).hasSize(3);
        assertThat(rows.ids("terminated")).hasSize(3);
    }

    private void report(String id, String status) {
        String token = rows.text("SELECT dispatch_token FROM scheduler.executions WHERE id = '" + id + "'");
        outcomes.record(new RecordWorkflowOutcome(
                id, "t", status, status.equals("failed") ? "no luck" : null, token, 0, clock.instant()));
    }

    private List<String> steps(String id) {
        return history.of("t", id, 100, 0).steps().stream()
                .map(step -> String.join(
                        " ",
                        step.from(),
                        step.to(),
                        step.changedBy(),
                        String.valueOf(step.reasonCode()),
                        String.valueOf(step.attempt())))
                .toList();
    }

    private ValidatableResponse get(String tenant, String path) {
        String whole = EXECUTIONS + path;
        CallerIdentity identity = new CallerIdentity(
                "ann", false, tenant, List.of(tenant), List.of("user"), "http_basic", clock.instant());
        IdentitySigner.Headers headers = signer.signNow(identity, "GET", whole.split("\\?", 2)[0]);
        return given().header(IdentitySigner.IDENTITY_HEADER, headers.identity())
                .header(IdentitySigner.SIGNATURE_HEADER, headers.signature())
                .get(whole)
                .then();
    }
}
