package io.holdfast.scheduler.executions.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.dispatch.NoLoop;
import io.holdfast.scheduler.dispatch.Rows;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.Executions;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In a deployment with 50,000 executions that wait, the newest that does not is found without a look at them. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
@TestProfile(NoLoop.class)
class NewestPlanIT {

    /** Of indexes that have nothing that waits, and of the rows that they lead to; what waits has some thousands. */
    private static final int FEW_PAGES = 50;

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    @Inject
    PgExecutions executions;

    private Rows rows;

    @BeforeEach
    void fill() {
        rows = new Rows(dataSource);
        rows.clear();
        rows.run(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, deployment_id, created_at)"
                        + " VALUES ('t', 'over', 'install', 'terminated', 'd', '2020-01-01Z'),"
                        + " ('t', 'runs', 'heal', 'started', 'd', '2020-01-02Z'), ('t', 'ran', 'heal', 'failed', 'e', '2020-01-02Z')");
        rows.run("INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, deployment_id, created_at)"
                + " SELECT 't', 'waits' || n, 'heal', 'queued', CASE WHEN n % 2 = 0 THEN 'd' ELSE 'e' END,"
                + " '2020-01-03Z'::timestamptz + n * interval '1 second' FROM generate_series(1, 100000) n");
        rows.run("RESET ROLE; ANALYZE scheduler.executions; SET ROLE holdfast_scheduler");
    }

    @AfterEach
    void clear() {
        rows.clear();
    }

    @Test
    void whatWaitsIsNotWalkedOver() throws Exception {
        for (String deployment : new String[] {"d", "e", "none"}) {
            // when
            JsonNode plan = rows.plan("SELECT id FROM (SELECT 't'::text AS tenant, '" + deployment
                    + "'::text AS deployment) AS wanted CROSS JOIN LATERAL (" + PgExecutions.NEWEST_HANDED_OUT
                    + ") AS newest");
            // then
            assertThat(plan.path("Actual Rows").asLong()).isEqualTo(deployment.equals("none") ? 0 : 1);
            assertThat(Rows.pages(plan)).as("pages read by %s", plan).isLessThan(FEW_PAGES);
        }
    }

    @Test
    void theNewestIsFoundAmongThoseThatRunAndThoseThatHaveEnded() {
        assertThat(executions.latestHandedOut(List.of(
                        new Executions.Ref("t", "d"), new Executions.Ref("t", "e"), new Executions.Ref("t", "none"))))
                .extracting(Execution::id)
                .containsExactly("runs", "ran");
        assertThat(executions.busy("t", "d")).hasSize(50_001).startsWith("runs", "waits2");
    }
}
