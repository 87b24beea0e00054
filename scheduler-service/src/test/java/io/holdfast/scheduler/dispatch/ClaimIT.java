package io.holdfast.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.dispatch.app.ClaimDue;
import io.holdfast.scheduler.dispatch.app.ClaimDue.Batch;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one claim takes and leaves. Nothing publishes the outbox meanwhile: messaging is there, but its rows are read in the same moment. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
@TestProfile(NoLoop.class)
class ClaimIT {

    private static final int ALL = 1_000;

    @Inject
    ClaimDue claim;

    @Inject
    DueExecutions due;

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    private Rows rows;

    @BeforeEach
    void clear() {
        rows = new Rows(dataSource);
        rows.clear();
    }

    @Test
    void whatIsNotDueIsNotTaken() {
        // given
        rows.scheduled("t", "later", 3, "statement_timestamp() + interval '1 hour'", "", "");
        // when
        Batch longest = claim.claim(ALL, false);
        Batch fair = claim.claim(ALL, true);
        // then
        assertThat(longest.taken() + fair.taken()).isZero();
        assertThat(due.next().in().orElseThrow()).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
        assertThat(rows.ids("scheduled")).hasSize(3);
    }

    @Test
    void eachTenantGetsItsPartAndTheHigherPriorityGoesFirst() {
        // given
        rows.due("greedy", "g", 500, "", "");
        rows.due("greedy", "urgent", 5, ", priority", ", 9");
        rows.due("modest", "m", 5, "", "");
        rows.scheduled("idle", "i", 5, "statement_timestamp() + interval '1 hour'", "", "");
        // when
        Batch batch = claim.claim(40, true);
        // then
        assertThat(batch.handedOut()).isEqualTo(25);
        assertThat(rows.ids("pending"))
                .contains("m1", "m2", "m3", "m4", "m5")
                .contains("urgent1", "urgent5")
                .contains("g1", "g15")
                .doesNotContain("g16");
    }

    @Test
    void secondOfADeploymentIsQueuedUnlessItRunsBesideOthers() {
        // given
        rows.due("t", "first", 1, ", deployment_id", ", 'd'");
        rows.due("t", "second", 1, ", deployment_id, priority", ", 'd', 3");
        rows.due("t", "beside", 1, ", deployment_id, parallel, priority", ", 'd', true, 2");
        rows.due("t", "other", 1, ", deployment_id", ", 'e'");
        // when
        Batch batch = claim.claim(ALL, false);
        // then
        assertThat(batch.handedOut()).isEqualTo(3);
        assertThat(rows.ids("pending")).containsExactlyInAnyOrder("first1", "beside1", "other1");
        assertThat(rows.ids("queued")).containsExactly("second1");
    }

    @Test
    void whatIsDueGoesBehindWhatIsQueuedAlready() {
        // given
        rows.due("t", "running", 1, ", deployment_id", ", 'd'");
        claim.claim(ALL, false);
        rows.due("t", "waiting", 1, ", deployment_id", ", 'd'");
        claim.claim(ALL, false);
        rows.run("UPDATE scheduler.executions SET status = 'failed' WHERE id = 'running1'");
        // when
        rows.due("t", "late", 1, ", deployment_id", ", 'd'");
        claim.claim(ALL, false);
        // then
        assertThat(rows.ids("queued")).containsExactly("waiting1", "late1");
    }

    @Test
    void keyLetsAsManyRunAsItsLimitSaysAndOneWithoutALimit() {
        // given
        rows.run("INSERT INTO scheduler.concurrency_limits (tenant_name, key, max_running) VALUES ('t', 'two', 2)");
        rows.due("t", "a", 3, ", concurrency_key", ", 'two'");
        rows.due("t", "b", 2, ", concurrency_key", ", 'unlimited'");
        rows.due("u", "c", 2, ", concurrency_key", ", 'two'");
        // when
        claim.claim(ALL, true);
        // then
        assertThat(rows.ids("pending")).containsExactlyInAnyOrder("a1", "a2", "b1", "c1");
        assertThat(rows.ids("queued")).containsExactlyInAnyOrder("a3", "b2", "c2");
    }

    @Test
    void tenantRunsNoMoreThanItsLimit() {
        // given
        rows.run("INSERT INTO scheduler.tenant_limits (tenant_name, max_running) VALUES ('t', 3)");
        rows.due("t", "a", 5, "", "");
        rows.due("u", "b", 5, "", "");
        // when
        claim.claim(ALL, false);
        // then
        assertThat(rows.ids("pending")).hasSize(8).contains("a1", "a3", "b5");
        assertThat(rows.ids("queued")).containsExactly("a4", "a5");
    }

    @Test
    void tenantWithoutStartsLeftWaitsAndTheOthersDoNot() {
        // given
        rows.run("INSERT INTO scheduler.tenant_limits (tenant_name, starts_per_minute, burst) VALUES ('t', 1, 2)");
        rows.due("t", "a", 5, "", "");
        // when
        claim.claim(ALL, false);
        Batch again = claim.claim(ALL, true);
        // then
        assertThat(rows.ids("pending")).containsExactly("a1", "a2");
        assertThat(rows.ids("scheduled")).containsExactly("a3", "a4", "a5");
        assertThat(again.taken()).isZero();
        DueExecutions.Next next = due.next();
        assertThat(next.throttled()).isTrue();
        assertThat(next.in().orElseThrow()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(60));
        rows.due("u", "b", 2, "", "");
        assertThat(due.next().in().orElseThrow()).isLessThanOrEqualTo(Duration.ZERO);
        assertThat(claim.claim(ALL, true).handedOut()).isEqualTo(2);
        rows.run("UPDATE scheduler_control.tenant_starts SET counted_at = counted_at - interval '61 seconds',"
                + " empty_until = empty_until - interval '61 seconds'");
        assertThat(claim.claim(ALL, true).handedOut()).isEqualTo(1);
        assertThat(rows.ids("scheduled")).containsExactly("a4", "a5");
    }

    @Test
    void systemWorkflowKeepsTheOthersWaiting() {
        // given
        rows.run(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, created_at, is_system_workflow)"
                        + " VALUES ('x', 'restore', 'restore_snapshot', 'started', now(), true)");
        rows.due("t", "a", 2, "", "");
        // when
        claim.claim(ALL, false);
        // then
        assertThat(rows.ids("queued")).containsExactly("a1", "a2");
    }

    @Test
    void twoDispatchersShareTheWorkAndNothingIsHandedOutTwice() throws Exception {
        // given
        rows.due("t", "a", 2_000, "", "");
        rows.due("t", "d", 500, ", deployment_id", ", 'd' || n % 50");
        // when
        ExecutorService dispatchers = Executors.newFixedThreadPool(2);
        List<Callable<Integer>> both = new ArrayList<>();
        IntStream.range(0, 2)
                .forEach(n -> both.add(() -> {
                    int handedOut = 0;
                    while (!rows.ids("scheduled").isEmpty()) {
                        handedOut += claim.claim(100, n == 0).handedOut();
                    }
                    return handedOut;
                }));
        int handedOut = 0;
        for (Future<Integer> one : dispatchers.invokeAll(both)) {
            handedOut += one.get();
        }
        dispatchers.shutdown();
        // then
        assertThat(handedOut).isEqualTo(2_050);
        assertThat(rows.ids("pending")).hasSize(2_050);
        assertThat(rows.ids("queued")).hasSize(450);
        assertThat(rows.texts("SELECT deployment_id FROM scheduler.executions WHERE status = 'pending'"
                        + " AND deployment_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1"))
                .isEmpty();
        assertThat(rows.texts(
                        "SELECT id FROM scheduler.executions WHERE status = 'pending' AND deployment_id IS NOT NULL"))
                .as(
                        "the one of each deployment that was due longest, although the others were in batches taken beside it")
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 50).mapToObj(n -> "d" + n).toList());
        assertThat(rows.text("SELECT max(dispatch_attempt) FROM scheduler.executions"))
                .isEqualTo("1");
    }
}
