package io.holdfast.scheduler.executions.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.dispatch.NoLoop;
import io.holdfast.scheduler.dispatch.Rows;
import io.holdfast.scheduler.executions.Executions;
import io.holdfast.scheduler.executions.Turns;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of 20,000 executions that wait for the same concurrency key, as those of a group do, only those that can go are looked at. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
@TestProfile(NoLoop.class)
class TurnsPlanIT {

    /** Of indexes, and of the rows that they lead to; what waits has some hundreds. */
    private static final int FEW_PAGES = 60;

    private static final Duration LEASE = Duration.ofMinutes(1);

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    @Inject
    Executions executions;

    @Inject
    Turns turns;

    private Rows rows;

    @BeforeEach
    void fill() {
        rows = new Rows(dataSource);
        rows.clear();
        rows.run("INSERT INTO scheduler.concurrency_limits (tenant_name, key, max_running) VALUES ('t', 'k', 2)");
        rows.run(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, deployment_id, concurrency_key, created_at)"
                        + " VALUES ('t', 'runs1', 'install', 'started', 'd1', 'k', '2020-01-01Z'),"
                        + " ('t', 'runs2', 'install', 'started', 'd2', 'k', '2020-01-02Z'),"
                        + " ('t', 'over', 'install', 'terminated', 'd7', NULL, '2020-01-02Z'),"
                        + " ('t', 'ended', 'install', 'terminated', 'd7', 'k', '2020-01-02Z')");
        rows.run(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, deployment_id, concurrency_key, created_at)"
                        + " SELECT 't', 'waits' || n, 'install', 'queued', 'd' || n, 'k', '2020-01-03Z'::timestamptz + n * interval '1 second'"
                        + " FROM generate_series(1, 20000) n");
        rows.run("RESET ROLE; ANALYZE scheduler.executions; SET ROLE holdfast_scheduler");
    }

    @AfterEach
    void clear() {
        rows.clear();
    }

    @Test
    void whatWaitsForAFullKeyIsNotWalkedOver() throws Exception {
        for (String key : new String[] {"'k'", "NULL"}) {
            assertThat(pages(PgTurns.PLACE
                                    .replaceFirst("\\?", "'t'")
                                    .replaceFirst("\\?", "'d7'")
                                    .replaceFirst("\\?", key)
                            + PgTurns.FULL_KEYS
                            + "one AS (SELECT 1) SELECT e.id FROM scheduler.executions e WHERE " + PgTurns.WAITED))
                    .isLessThan(FEW_PAGES);
        }
    }

    private long pages(String sql) throws Exception {
        JsonNode plan = rows.plan("WITH RECURSIVE " + sql);
        assertThat(plan.path("Actual Rows").asLong()).as(plan.toString()).isZero();
        return Rows.pages(plan);
    }

    @Test
    void theFirstWhoseWayIsFreeGoes() {
        // when nothing has ended
        turns.releaseAfter(executions.find("t", "over").orElseThrow(), LEASE);
        turns.releaseAny(500, LEASE);
        turns.releaseKey("t", "k", 500, LEASE);
        assertThat(pending()).isEmpty();
        // when one of the key has, and the deployment of the first that waits is still busy
        rows.run("UPDATE scheduler.executions SET status = 'terminated' WHERE id = 'runs2'");
        assertThat(turns.releaseAfter(executions.find("t", "runs2").orElseThrow(), LEASE))
                .isEqualTo(1);
        // then
        assertThat(pending()).isEqualTo("waits2");
        // when there is room for more
        rows.run("UPDATE scheduler.concurrency_limits SET max_running = 4");
        assertThat(turns.releaseAfter(executions.find("t", "over").orElseThrow(), LEASE))
                .as("only the one of its deployment")
                .isEqualTo(1);
        assertThat(pending()).isEqualTo("waits2,waits7");
        assertThat(turns.releaseKey("t", "k", 500, LEASE)).isEqualTo(1);
        assertThat(pending()).isEqualTo("waits2,waits3,waits7");
        rows.run("UPDATE scheduler.concurrency_limits SET max_running = 5");
        assertThat(turns.releaseAny(500, LEASE)).isEqualTo(1);
        assertThat(pending()).isEqualTo("waits2,waits3,waits4,waits7");
    }

    @Test
    void whatWaitedForAPlaceOfItsTenantGoes() {
        // given: another key, which has room
        rows.run("INSERT INTO scheduler.tenant_limits (tenant_name, max_running) VALUES ('t', 2)");
        rows.run(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, deployment_id, concurrency_key, created_at)"
                        + " VALUES ('t', 'other', 'install', 'queued', 'x', 'o', '2020-01-04Z')");
        turns.releaseAfter(executions.find("t", "over").orElseThrow(), LEASE);
        assertThat(pending()).isEmpty();
        // when one that has no key ends
        rows.run("UPDATE scheduler.tenant_limits SET max_running = 3");
        assertThat(turns.releaseAfter(executions.find("t", "over").orElseThrow(), LEASE))
                .isEqualTo(1);
        // then
        assertThat(pending()).isEqualTo("other");
    }

    private String pending() {
        return rows.text(
                "SELECT coalesce(string_agg(id, ',' ORDER BY id), '') FROM scheduler.executions WHERE status = 'pending'");
    }
}
