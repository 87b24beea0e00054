package io.holdfast.scheduler.executions.storage;

import static org.assertj.core.api.Assertions.assertThat;

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

/** What a heartbeat costs does not grow with what else runs. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
@TestProfile(NoLoop.class)
class LeasePlanIT {

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    private Rows rows;

    @BeforeEach
    @AfterEach
    void clear() {
        rows = new Rows(dataSource);
        rows.clear();
    }

    @Test
    void heartbeatIsFoundByItsExecutionThoughStatisticsAreOfAQuieterHour() {
        // given
        rows.due("t", "e", 10_000, "", "");
        rows.run("RESET ROLE; ANALYZE scheduler.executions; SET ROLE holdfast_scheduler");
        // when
        String plan = rows.text("EXPLAIN (FORMAT JSON) "
                + PgLeases.PROLONG
                        .replaceFirst("\\?", "30000")
                        .replaceFirst("\\?", "'t'")
                        .replaceFirst("\\?", "'e7'")
                        .replaceFirst("\\?", "'token'")
                        .replaceFirst("\\?", "0"));
        // then
        assertThat(plan).contains("executions_pkey").doesNotContain("executions_active");
    }
}
