package io.holdfast.scheduler.dispatch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.messaging.EventJson;
import io.holdfast.messaging.OutgoingMessage;
import io.holdfast.messaging.OutgoingSource;
import io.holdfast.scheduler.dispatch.NoLoop;
import io.holdfast.scheduler.dispatch.Rows;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a batch becomes. The batches are never committed here, so that the service's relay does not see them. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
@TestProfile(NoLoop.class)
class StartBatchesIT {

    private static final String HANDED_OUT_AT = "2026-01-02T03:04:05.678901Z";
    private static final String TOKEN = "5f3c6f0e-7a35-4e5c-9a0e-0d8f4a3c2b1a";

    @Inject
    OutgoingSource source;

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
    void startCommandSaysWhatTheExecutionIs() throws Exception {
        // given
        handedOut(
                "e1",
                "pending",
                ", deployment_id, deployment_display_name, blueprint_id, parameters, is_dry_run, resume, created_by,"
                        + " restore_epoch, wait_after_fail",
                ", 'shop', 'The \"Shop\"', 'bp', '{\"note\": \"caf\u00e9\", \"deep\": {\"n\": [1, null]}}', true, true, 'admin', 7, 30");
        handedOut("e2", "pending", ", parameters", ", '[1]'");
        // when
        List<OutgoingMessage> commands = take("e2", "e1").orElseThrow();
        // then
        assertThat(commands).extracting(OutgoingMessage::subject).containsExactly("e2", "e1");
        assertThat(commands).extracting(OutgoingMessage::messageId).containsOnly(TOKEN);
        assertThat(EventJson.read(commands.get(1).payload(), StartExecution.class))
                .isEqualTo(new StartExecution(
                        "e1",
                        "t",
                        "install",
                        "shop",
                        "The \"Shop\"",
                        "bp",
                        Map.of("note", "caf\u00e9", "deep", Map.of("n", java.util.Arrays.asList(1, null))),
                        true,
                        false,
                        true,
                        "admin",
                        TOKEN,
                        7,
                        3,
                        30));
        assertThat(EventJson.read(commands.get(0).payload(), StartExecution.class))
                .as("parameters that are no object")
                .satisfies(command -> assertThat(command.parameters()).isEmpty());
    }

    @Test
    void whatIsOverOrWasHandedOutAgainIsVoid() throws Exception {
        // given
        handedOut("over", "cancelled", "", "");
        handedOut("again", "pending", "", "");
        rows.run(
                "UPDATE scheduler.executions SET dispatched_at = dispatched_at + interval '1 minute' WHERE id = 'again'");
        // when
        Optional<List<OutgoingMessage>> commands = take("over", "again");
        // then
        assertThat(commands).hasValueSatisfying(none -> assertThat(none).isEmpty());
    }

    @Test
    void nothingWaitsWhereNothingWasClaimed() throws Exception {
        assertThat(take()).isEmpty();
    }

    private void handedOut(String id, String status, String columns, String values) {
        rows.run("INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, created_at, dispatched_at,"
                + " dispatch_token, dispatch_attempt" + columns + ") VALUES ('t', '" + id + "', 'install', '" + status
                + "', statement_timestamp(), '" + HANDED_OUT_AT + "', '" + TOKEN + "', 3" + values + ")");
    }

    private Optional<List<OutgoingMessage>> take(String... ids) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                if (ids.length > 0) {
                    statement.execute("INSERT INTO scheduler_control.start_batch (dispatched_at, storage_ids) SELECT '"
                            + HANDED_OUT_AT + "', array_agg(storage_id ORDER BY array_position('{"
                            + String.join(",", ids) + "}'::text[], id)) FROM scheduler.executions");
                }
                Optional<List<OutgoingMessage>> taken = source.take(connection);
                try (var left = statement.executeQuery("SELECT " + source.waitingSql() + ", " + source.countSql())) {
                    left.next();
                    assertThat(left.getBoolean(1)).isFalse();
                    assertThat(left.getLong(2)).isZero();
                }
                return taken;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }
}
