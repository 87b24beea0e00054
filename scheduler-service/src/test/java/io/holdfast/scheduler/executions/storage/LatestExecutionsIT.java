package io.holdfast.scheduler.executions.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.dispatch.NoLoop;
import io.holdfast.scheduler.dispatch.Rows;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.Executions.Ref;
import io.holdfast.scheduler.executions.app.FindExecutions;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The latest execution of a deployment is the one that changed last, as in the existing product. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
@TestProfile(NoLoop.class)
class LatestExecutionsIT {

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    @Inject
    FindExecutions find;

    private Rows rows;

    @BeforeEach
    @AfterEach
    void clear() {
        rows = new Rows(dataSource);
        rows.clear();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
                    # older: status, started, ended;  newer: status, started, ended;    latest
                    terminated, 01:00, 02:00,         terminated, 03:00, 04:00,         newer
                    terminated, 01:00, 02:00,         queued, -, -,                     older
                    terminated, 01:00, 02:00,         pending, -, -,                    older
                    terminated, 01:00, 02:00,         scheduled, -, -,                  older
                    terminated, 01:00, 02:00,         started, 03:00, -,                newer
                    terminated, 01:00, 05:00,         terminated, 03:00, 04:00,         older
                    started, 01:00, -,                terminated, 03:00, 04:00,         newer
                    cancelling, 01:00, -,             started, 03:00, -,                older
                    failed, 01:00, 02:00,             cancelled, -, 03:00,              newer
                    scheduled, -, -,                  queued, -, -,                     newer
                    """)
    void theLatestIsTheOneThatChangedLast(
            String olderStatus,
            String olderStarted,
            String olderEnded,
            String newerStatus,
            String newerStarted,
            String newerEnded,
            String latest) {
        // given
        insert("older", "00:30", olderStatus, olderStarted, olderEnded);
        insert("newer", "02:30", newerStatus, newerStarted, newerEnded);
        // when, then
        assertThat(find.latest(List.of(new Ref("t", "d"))))
                .extracting(Execution::id)
                .containsExactly(latest);
        assertThat(find.changed(Instant.EPOCH).latest())
                .extracting(Execution::id)
                .isSubsetOf(latest);
    }

    private void insert(String id, String created, String status, String started, String ended) {
        rows.run(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, deployment_id, status, created_at, started_at,"
                        + " ended_at) VALUES ('t', '" + id + "', 'install', 'd', '" + status + "', " + at(created)
                        + ", "
                        + at(started) + ", " + at(ended) + ")");
    }

    private static String at(String time) {
        return time == null ? "NULL" : "'2026-03-13T" + time + ":00Z'";
    }
}
