package io.holdfast.scheduler.schedules.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.dispatch.Rows;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Occurrences that come due while the maintenance gate is closed. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class ClosedGateIT {

    @Inject
    OccurDue occur;

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    @ConfigProperty(name = "holdfast.database.url")
    String databaseUrl;

    private final String deployment = "d-" + UUID.randomUUID();
    private Rows rows;

    @BeforeEach
    void close() throws SQLException {
        rows = new Rows(dataSource);
        owner("CREATE SCHEMA IF NOT EXISTS cluster_control;"
                + " CREATE TABLE IF NOT EXISTS cluster_control.gate (status text NOT NULL);"
                + " GRANT USAGE ON SCHEMA cluster_control TO holdfast_scheduler;"
                + " GRANT SELECT ON cluster_control.gate TO holdfast_scheduler;"
                + " DELETE FROM cluster_control.gate; INSERT INTO cluster_control.gate VALUES ('activated')");
    }

    @AfterEach
    void open() throws SQLException {
        owner("UPDATE cluster_control.gate SET status = 'deactivated'; SELECT pg_notify('holdfast_schedules', '')");
    }

    @Test
    void occurrenceWaitsForTheGateAndIsThenDecidedOnOnce() throws SQLException {
        // given
        rows.run("INSERT INTO scheduler.execution_schedules (tenant_name, deployment_id, id, workflow_id, rule, since,"
                + " next_occurrence, last_occurrence, tzdb_version, slip, created_by) VALUES ('default_tenant', '"
                + deployment + "', 's', 'install', '{\"rrule\": \"FREQ=HOURLY\"}',"
                + " date_trunc('second', now()) - interval '1 hour', date_trunc('second', now()),"
                + " date_trunc('second', now()) - interval '1 hour', '" + OccurDue.tzdbVersion() + "', 60, 'admin')");
        // when: rounds while it is closed
        assertThat(occur.round().found()).isZero();
        assertThat(runs()).isEqualTo("0");
        // and when it opens
        open();
        // then
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(runs()).isEqualTo("1"));
        assertThat(rows.text("SELECT outcome FROM scheduler.schedule_runs WHERE deployment_id = '" + deployment + "'"))
                .isEqualTo("started");
        occur.round();
        assertThat(runs()).isEqualTo("1");
    }

    private String runs() {
        return rows.text("SELECT count(*) FROM scheduler.schedule_runs WHERE deployment_id = '" + deployment + "'");
    }

    private void owner(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(databaseUrl, "holdfast", "holdfast");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
