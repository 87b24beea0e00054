package io.holdfast.scheduler.groups.storage;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of 20,000 members of groups, those that are one execution are found without a look at the others. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
@TestProfile(NoLoop.class)
class MembershipPlanIT {

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    private Rows rows;

    @BeforeEach
    void fill() {
        rows = new Rows(dataSource);
        clear();
        rows.run(
                "INSERT INTO scheduler.execution_groups (tenant_name, id) SELECT 't', 'g' || n FROM generate_series(0, 1999) n");
        rows.run("INSERT INTO scheduler.execution_group_members (tenant_name, execution_group_id, execution_id)"
                + " SELECT 't', 'g' || n / 10, 'e' || n FROM generate_series(0, 19999) n");
        rows.run("RESET ROLE; ANALYZE scheduler.execution_groups; ANALYZE scheduler.execution_group_members;"
                + " SET ROLE holdfast_scheduler");
    }

    @AfterEach
    void clear() {
        rows.run("DELETE FROM scheduler.execution_group_members");
        rows.run("DELETE FROM scheduler.execution_groups");
        rows.run("DELETE FROM scheduler.executions");
    }

    @Test
    void groupsOfAnExecutionAreFoundByIt() {
        for (String execution : new String[] {"e7", "none"}) {
            // when
            String plan = rows.text("EXPLAIN (FORMAT JSON) "
                    + PgGroupRecords.MEMBERSHIPS.replaceFirst("\\?", "'t'").replaceFirst("\\?", "'" + execution + "'"));
            // then
            assertThat(plan)
                    .contains("\"execution_group_members_execution\"", "\"execution_groups_pkey\"")
                    .doesNotContain("Seq Scan");
        }
    }

    @Test
    void whatHasEndedIsNotWalkedOverToSeeWhetherAnythingHasNot() throws Exception {
        // given
        rows.run("INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, concurrency_key, created_at)"
                + " SELECT 't', 'e' || n, 'w', 'terminated', 'of-a-group', now() FROM generate_series(1, 20000) n");
        rows.run("RESET ROLE; ANALYZE scheduler.executions; SET ROLE holdfast_scheduler");
        // when
        JsonNode plan = rows.plan(PgGroupRecords.UNFINISHED
                .replace("tenant_name = ?", "tenant_name = 't'")
                .replace("= ?", "= 'of-a-group'"));
        // then
        assertThat(plan.path("Actual Rows").asLong()).isZero();
        assertThat(Rows.pages(plan)).as("pages read by %s", plan).isLessThan(20);
    }
}
