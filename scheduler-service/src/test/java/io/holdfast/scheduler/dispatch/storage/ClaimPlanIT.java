package io.holdfast.scheduler.dispatch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.dispatch.NoLoop;
import io.holdfast.scheduler.dispatch.Rows;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With 100,000 executions, neither looking for due ones nor making the commands of a batch touches the others. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
@TestProfile(NoLoop.class)
class ClaimPlanIT {

    private static final int PENDING = 100_000;

    /** Pages of all indexes and rows. If the pending ones were walked through it would be one for each of them. */
    private static final int FEW_PAGES = 5_000;

    /** A few for each lane, and for each row; all that is pending has more than a thousand in the index alone. */
    private static final int PAGES_OF_FEW_ROWS = 300;

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    private Rows rows;

    @BeforeEach
    void fill() {
        rows = new Rows(dataSource);
        rows.clear();
        for (int tenant = 1; tenant <= 5; tenant++) {
            rows.scheduled(
                    "tenant_" + tenant,
                    "later",
                    PENDING / 5,
                    "statement_timestamp() + interval '1 hour'",
                    ", deployment_id",
                    ", 'd' || n");
            rows.due("tenant_" + tenant, "due", 20, ", deployment_id", ", 'e' || n");
        }
        rows.run("RESET ROLE; ANALYZE scheduler.executions; SET ROLE holdfast_scheduler");
    }

    @AfterEach
    void clear() {
        rows.clear();
    }

    @Test
    void dueOnesAreFoundByTheConditionOfAnIndex() throws Exception {
        for (String due : List.of(PgDueExecutions.DUE_LONGEST, PgDueExecutions.DUE_FAIRLY)) {
            // when
            JsonNode plan = rows.plan("WITH RECURSIVE " + due.formatted("", 50) + " SELECT count(*) FROM due");
            // then
            List<JsonNode> scans = new ArrayList<>();
            collectScans(plan, scans);
            assertThat(scans)
                    .isNotEmpty()
                    .allSatisfy(
                            scan -> assertThat(scan.path("Index Name").asText()).startsWith("executions_due"));
            assertThat(scans)
                    .anySatisfy(
                            scan -> assertThat(scan.path("Index Cond").asText()).contains("statement_timestamp()"));
            assertThat(Rows.pages(plan)).as("pages read by %s", plan).isLessThan(FEW_PAGES);
        }
    }

    /** Of a tenant that has fewer due than it may start, or none, what is not due is not walked through. */
    @Test
    void onlyDueOnesAreLookedAtWhereFewAreDue() throws Exception {
        // given
        rows.run("UPDATE scheduler.executions SET scheduled_for = statement_timestamp() + interval '1 hour'"
                + " WHERE id LIKE 'due%' AND tenant_name <> 'tenant_2'");
        rows.run("RESET ROLE; ANALYZE scheduler.executions; SET ROLE holdfast_scheduler");
        // when
        JsonNode plan = rows.plan(
                "WITH RECURSIVE " + PgDueExecutions.DUE_FAIRLY.formatted("", 50) + " SELECT count(*) FROM due");
        // then
        assertThat(plan.path("Actual Rows").asLong()).isEqualTo(1);
        assertThat(Rows.pages(plan)).as("pages read by %s", plan).isLessThan(PAGES_OF_FEW_ROWS);
    }

    @Test
    void commandsOfABatchAreMadeWithoutALookAtAllThatIsActive() throws Exception {
        // given
        rows.run("UPDATE scheduler.executions SET status = 'pending', dispatch_token = gen_random_uuid()::text,"
                + " dispatched_at = '2026-01-02T03:04:05Z' WHERE id LIKE 'later%'");
        String ids = rows.text("SELECT array_agg(storage_id) FROM (SELECT storage_id FROM scheduler.executions"
                + " WHERE status = 'pending' LIMIT 20) q");
        // when
        JsonNode plan = rows.plan(StartBatches.EXECUTIONS
                .replaceFirst("\\?", "'" + ids + "'")
                .replaceFirst("= \\?", "= '2026-01-02T03:04:05Z'"));
        // then
        assertThat(plan.path("Actual Rows").asLong()).isEqualTo(20);
        assertThat(Rows.pages(plan)).as("pages read by %s", plan).isLessThan(FEW_PAGES);
    }

    private static void collectScans(JsonNode node, List<JsonNode> scans) {
        if (node.path("Relation Name").asText().equals("executions")
                && node.path("Node Type").asText().endsWith("Scan")) {
            scans.add(node);
        }
        node.path("Plans").forEach(child -> collectScans(child, scans));
    }
}
