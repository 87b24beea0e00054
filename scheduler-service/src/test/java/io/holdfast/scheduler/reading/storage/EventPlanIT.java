package io.holdfast.scheduler.reading.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.dispatch.NoLoop;
import io.holdfast.scheduler.dispatch.Rows;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With 50,000 events, those of an execution group and the newest ones are found without a look at the others. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
@TestProfile(NoLoop.class)
class EventPlanIT {

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    private Rows rows;

    @BeforeEach
    void fill() {
        rows = new Rows(dataSource);
        rows.clear();
        rows.run("INSERT INTO scheduler.execution_group_members (tenant_name, execution_group_id, execution_id)"
                + " SELECT 't', 'g' || n / 10, 'e' || n FROM generate_series(0, 4999) n");
        rows.run(
                "INSERT INTO scheduler.events (tenant_name, type, timestamp, reported_timestamp, execution_id, execution_group_id)"
                        + " SELECT 't', 'cloudify_event', now(), now(), CASE WHEN n % 100 > 0 THEN 'e' || n % 5000 END,"
                        + " CASE WHEN n % 100 = 0 THEN 'g' || n / 100 END FROM generate_series(0, 49999) n");
        rows.run(
                "RESET ROLE; ANALYZE scheduler.events; ANALYZE scheduler.execution_group_members; SET ROLE holdfast_scheduler");
    }

    @AfterEach
    void clear() {
        rows.clear();
        rows.run("DELETE FROM scheduler.execution_group_members");
    }

    @Test
    void eventsOfAGroupAreRangesOfIndexes() throws Exception {
        for (String order : new String[] {"timestamp", "reported_timestamp"}) {
            // when
            String ofGroup = PgEventCatalogue.OF_GROUP
                    .replace("_name = ?", "_name = 't'")
                    .replace("ANY (?)", "ANY ('{g7}')");
            JsonNode plan = explain("SELECT e.storage_id FROM scheduler.events e WHERE e.tenant_name = 't' AND ("
                    + ofGroup + ") ORDER BY e." + order + ", e.storage_id LIMIT 1000");
            // then
            assertThat(plan.path("Actual Rows").asLong())
                    .as("its own, and ten of ten members")
                    .isEqualTo(101);
            assertThat(plan.toString())
                    .contains("\"events_execution_group\"", "\"events_execution\"")
                    .doesNotContain("Seq Scan", "events_page");
        }
    }

    @Test
    void theNewestEventsAreTheEndOfAnIndex() throws Exception {
        // when
        JsonNode plan = explain("SELECT e.storage_id FROM scheduler.events e WHERE e.tenant_name = 't'"
                + " ORDER BY e.timestamp DESC, e.storage_id DESC LIMIT 100");
        // then
        assertThat(plan.toString()).contains("\"events_page\"", "\"Backward\"").doesNotContain("Sort");
    }

    @Test
    void noSessionHasItsStatementsCompiled() {
        assertThat(rows.text("SHOW jit")).isEqualTo("off");
    }

    private JsonNode explain(String sql) throws Exception {
        return new ObjectMapper()
                .readTree(rows.text("EXPLAIN (ANALYZE, FORMAT JSON) " + sql))
                .get(0)
                .get("Plan");
    }
}
