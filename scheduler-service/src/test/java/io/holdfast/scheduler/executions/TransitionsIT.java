package io.holdfast.scheduler.executions;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.state.StateMigrator;
import io.holdfast.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TransitionsIT {

    @Test
    void tableInTheDatabaseAndTableInCodeAreTheSame() throws SQLException {
        // given
        TestDatabase database = TestDatabase.create();
        new StateMigrator(database.url(), database.username(), database.password()).migrateLive();
        // when
        Set<Transitions.Transition> stored = new HashSet<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM scheduler.execution_transitions")) {
            while (rows.next()) {
                stored.add(new Transitions.Transition(
                        ExecutionStatus.of(rows.getString("from_status")),
                        ExecutionStatus.of(rows.getString("to_status")),
                        Transitions.Cause.valueOf(rows.getString("cause").toUpperCase(Locale.ROOT))));
            }
        }
        // then
        assertThat(stored).containsExactlyInAnyOrderElementsOf(Transitions.ALL);
    }

    @Test
    void everyOtherChangeIsRefusedByTheDatabase() throws SQLException {
        // given
        TestDatabase database = TestDatabase.create();
        new StateMigrator(database.url(), database.username(), database.password()).migrateLive();
        Set<String> refused = new HashSet<>();
        Set<String> illegal = new HashSet<>();
        // when
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (ExecutionStatus from : ExecutionStatus.values()) {
                for (ExecutionStatus to : ExecutionStatus.values()) {
                    String change = from.wireName() + " to " + to.wireName();
                    if (Arrays.stream(Transitions.Cause.values())
                            .noneMatch(cause -> Transitions.isLegal(from, to, cause))) {
                        illegal.add(change);
                    }
                    statement.execute(
                            "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, created_at)"
                                    + " VALUES ('t', '" + change + "', 'w', '" + from.wireName() + "', now())");
                    try {
                        statement.executeUpdate("UPDATE scheduler.executions SET status = '" + to.wireName()
                                + "' WHERE id = '" + change + "'");
                    } catch (SQLException e) {
                        assertThat(e.getSQLState()).isEqualTo("23514");
                        refused.add(change);
                    }
                }
            }
        }
        // then
        assertThat(refused).isEqualTo(illegal).hasSizeGreaterThan(50);
    }
}
