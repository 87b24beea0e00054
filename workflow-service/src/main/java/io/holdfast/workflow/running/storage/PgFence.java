package io.holdfast.workflow.running.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import io.holdfast.workflow.WorkflowMessaging;
import io.holdfast.workflow.running.Fence;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;

/** One statement decides about a start and remembers it: that is all that fencing adds to what a start costs. */
@ApplicationScoped
class PgFence implements Fence {

    private static final String HELD = "held";
    private static final String ANSWERED = "answered";

    /** Attempt 0 is of senders that do not count: among those, another token is another dispatch. */
    private static final String TAKE = """
            WITH seen AS (SELECT highest FROM workflow_control.seen_epoch),
            taken AS (
                INSERT INTO workflow_control.taken AS t (tenant_name, execution_id, epoch, attempt, token, state)
                SELECT ?, ?, ?, ?, ?, ? FROM seen WHERE highest <= ?
                ON CONFLICT (tenant_name, execution_id) DO UPDATE
                    SET epoch = EXCLUDED.epoch, attempt = EXCLUDED.attempt, token = EXCLUDED.token,
                        state = EXCLUDED.state, taken_at = statement_timestamp()
                    WHERE (t.epoch, t.attempt) < (EXCLUDED.epoch, EXCLUDED.attempt)
                       OR (t.epoch = EXCLUDED.epoch AND t.attempt = 0 AND EXCLUDED.attempt = 0 AND t.token <> EXCLUDED.token)
                RETURNING coalesce(t.stopped_token = t.token, false) AS stopped)
            SELECT highest, (SELECT stopped FROM taken) AS stopped FROM seen
            """;

    private static final String STOP = """
            INSERT INTO workflow_control.taken AS t
                (tenant_name, execution_id, epoch, attempt, token, state, stopped_token)
            VALUES (?, ?, ?, -1, '', 'answered', ?)
            ON CONFLICT (tenant_name, execution_id) DO UPDATE SET stopped_token = EXCLUDED.stopped_token
            RETURNING t.token, t.state
            """;

    private static final String HOLDS = """
            SELECT coalesce(t.stopped_token = t.token, false) FROM workflow_control.taken t, workflow_control.seen_epoch s
             WHERE t.tenant_name = ? AND t.execution_id = ? AND t.token = ? AND t.state = 'held' AND s.highest <= ?
            """;

    private final AgroalDataSource dataSource;

    PgFence(@DataSource(WorkflowMessaging.SERVICE) AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Start take(StartExecution command, boolean held) {
        try (Connection connection = dataSource.getConnection()) {
            long highest;
            Boolean stopped;
            try (PreparedStatement take = connection.prepareStatement(TAKE)) {
                take.setString(1, command.tenantName());
                take.setString(2, command.executionId());
                take.setLong(3, command.epoch());
                take.setInt(4, command.attempt());
                take.setString(5, command.token());
                take.setString(6, held ? HELD : ANSWERED);
                take.setLong(7, command.epoch());
                try (ResultSet row = take.executeQuery()) {
                    row.next();
                    highest = row.getLong("highest");
                    stopped = row.getObject("stopped", Boolean.class);
                }
            }
            if (highest > command.epoch()) {
                return Start.STALE_EPOCH;
            }
            if (highest < command.epoch()) {
                raise(connection, command.epoch());
            }
            if (stopped == null) {
                return isTaken(connection, command) ? Start.REPEATED : Start.STALE_ATTEMPT;
            }
            if (stopped && held) {
                answered(command.tenantName(), command.executionId());
            }
            return stopped ? Start.STOPPED : Start.TAKEN;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot take execution " + command.executionId(), e);
        }
    }

    private static boolean isTaken(Connection connection, StartExecution command) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT token = ? FROM workflow_control.taken WHERE tenant_name = ? AND execution_id = ?")) {
            select.setString(1, command.token());
            select.setString(2, command.tenantName());
            select.setString(3, command.executionId());
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    @Override
    public Stop stop(StopExecution command) {
        try (Connection connection = dataSource.getConnection()) {
            if (highest(connection) > command.epoch()) {
                return Stop.STALE_EPOCH;
            }
            try (PreparedStatement stop = connection.prepareStatement(STOP)) {
                stop.setString(1, command.tenantName());
                stop.setString(2, command.executionId());
                stop.setLong(3, command.epoch());
                stop.setString(4, command.token());
                try (ResultSet row = stop.executeQuery()) {
                    row.next();
                    return row.getString("token").equals(command.token())
                                    && row.getString("state").equals(HELD)
                            ? Stop.HELD
                            : Stop.NOT_HELD;
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot stop execution " + command.executionId(), e);
        }
    }

    @Override
    public Hold holds(StartExecution command) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(HOLDS)) {
            select.setString(1, command.tenantName());
            select.setString(2, command.executionId());
            select.setString(3, command.token());
            select.setLong(4, command.epoch());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Hold.LOST;
                }
                return row.getBoolean(1) ? Hold.STOPPED : Hold.OURS;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot see whether execution " + command.executionId() + " is held", e);
        }
    }

    private static long highest(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT highest FROM workflow_control.seen_epoch");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void answered(String tenantName, String executionId) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE workflow_control.taken SET state = 'answered' WHERE tenant_name = ? AND execution_id = ?"
                                + " AND state = 'held'")) {
            update.setString(1, tenantName);
            update.setString(2, executionId);
            update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot mark execution " + executionId + " as answered", e);
        }
    }

    @Override
    public void ended(String tenantName, String executionId, Instant endedAt) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE workflow_control.taken SET state = 'answered' WHERE tenant_name = ? AND execution_id = ?"
                                + " AND state = 'held' AND taken_at <= ?")) {
            update.setString(1, tenantName);
            update.setString(2, executionId);
            update.setTimestamp(3, Timestamp.from(endedAt));
            update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot mark execution " + executionId + " as ended", e);
        }
    }

    @Override
    public void sawEpoch(long epoch) {
        try (Connection connection = dataSource.getConnection()) {
            raise(connection, epoch);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot remember epoch " + epoch, e);
        }
    }

    private static void raise(Connection connection, long epoch) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE workflow_control.seen_epoch SET highest = ? WHERE highest < ?")) {
            update.setLong(1, epoch);
            update.setLong(2, epoch);
            update.executeUpdate();
        }
    }

    @Override
    public int forgetOlderThan(Duration age) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement("DELETE FROM workflow_control.taken"
                        + " WHERE state = 'answered' AND taken_at < statement_timestamp() - ? * interval '1 second'")) {
            delete.setLong(1, age.toSeconds());
            return delete.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot forget old executions", e);
        }
    }
}
