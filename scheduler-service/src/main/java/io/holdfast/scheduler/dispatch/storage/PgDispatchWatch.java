package io.holdfast.scheduler.dispatch.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.ExecutionSql;
import io.holdfast.scheduler.MaintenanceGate;
import io.holdfast.scheduler.dispatch.DispatchWatch;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;

/** The one row of {@code scheduler_control.dispatch_watch}. */
@ApplicationScoped
class PgDispatchWatch implements DispatchWatch {

    /** Touched four times as often; longer silence is a pause. */
    private static final Duration SLIP = Duration.ofSeconds(60);

    private static final int GATE_IS_CLOSED = -1;

    private static final String LOOK = "SELECT alive_until, statement_timestamp(), statement_timestamp() - alive_until"
            + " > ? * interval '1 millisecond' FROM scheduler_control.dispatch_watch WHERE true%s FOR UPDATE";

    private static final String UTC = "to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";

    /** Binds: pause from, pause to, tolerance in milliseconds. */
    private static final String FAIL_MISSED = """
            WITH pause AS (SELECT ?::timestamptz AS since, ?::timestamptz AS until, ? * interval '1 millisecond' AS tolerance),
            missed AS (
                UPDATE scheduler.executions e SET status = 'failed', version = e.version + 1, reason_code = 'MISSED',
                       ended_at = p.until, error = format('Execution %%s was due at %%s, but nothing was dispatched from %%s to %%s'
                       ' (the manager was down or in maintenance), and it is later than the tolerance of %%s (one minute and'
                       ' holdfast.scheduler.dispatch.late-tolerance). Run the workflow again if it is still wanted.',
                       e.id, %1$s, %2$s, %3$s, p.tolerance)
                  FROM pause p
                 WHERE e.status = 'scheduled' AND e.schedule_id IS NULL AND e.scheduled_for > p.since
                   AND e.scheduled_for <= p.until - p.tolerance
                RETURNING e.*),
            journal AS (
                INSERT INTO scheduler.events (tenant_name, type, timestamp, reported_timestamp, execution_id, workflow_id,
                       blueprint_id, deployment_id, deployment_display_name, event_type, message, error_causes, visibility, created_by)
                SELECT tenant_name, 'cloudify_event', statement_timestamp(), ended_at, id, workflow_id, blueprint_id, deployment_id,
                       deployment_display_name, 'workflow_failed', '''' || workflow_id || ''' workflow execution failed: ' || error,
                       jsonb_build_array(jsonb_build_object('message', error, 'traceback', '', 'type', 'WorkflowFailed')),
                       visibility, created_by FROM missed),
            told AS (
                INSERT INTO scheduler_control.outbox %4$s
                SELECT gen_random_uuid(), 'execution.failed.v1', id, version, tenant_name, 'holdfast.events',
                       'execution.failed.v1.' || tenant_name, jsonb_build_object('executionId', id, 'tenantName', tenant_name,
                       'workflowId', workflow_id, 'reasonCode', 'MISSED', 'error', error, 'endedAt', %5$s), false FROM missed)
            SELECT n, CASE WHEN n > 0 THEN %6$s END FROM (SELECT count(*) AS n FROM missed) q""".formatted(
                    UTC.formatted("e.scheduled_for"),
                    UTC.formatted("p.since"),
                    UTC.formatted("p.until"),
                    ExecutionSql.OUTBOX_COLUMNS,
                    UTC.formatted("ended_at"),
                    ExecutionSql.WAKE_RELAY);

    private final AgroalDataSource dataSource;
    private final MaintenanceGate gate;

    PgDispatchWatch(@DataSource("scheduler") AgroalDataSource dataSource, MaintenanceGate gate) {
        this.dataSource = dataSource;
        this.gate = gate;
    }

    @Override
    public boolean goesOn() {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "UPDATE scheduler_control.dispatch_watch SET alive_until = statement_timestamp()"
                                + " WHERE statement_timestamp() - alive_until <= ? * interval '1 millisecond'"
                                + gate.isOpen(connection))) {
            statement.setLong(1, SLIP.toMillis());
            return statement.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write down that due executions are looked at", e);
        }
    }

    @Override
    public int touch(Duration lateTolerance) {
        try (Connection connection = dataSource.getConnection()) {
            return touch(connection, lateTolerance);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write down that due executions are looked at", e);
        }
    }

    private int touch(Connection connection, Duration lateTolerance) throws SQLException {
        Timestamp since;
        Timestamp now;
        boolean paused;
        try (PreparedStatement statement = connection.prepareStatement(LOOK.formatted(gate.isOpen(connection)))) {
            statement.setLong(1, SLIP.toMillis());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return GATE_IS_CLOSED;
                }
                since = row.getTimestamp(1);
                now = row.getTimestamp(2);
                paused = row.getBoolean(3);
            }
        }
        int missed = paused ? failMissed(connection, since, now, lateTolerance.plus(SLIP)) : 0;
        try (PreparedStatement statement = connection.prepareStatement("UPDATE scheduler_control.dispatch_watch"
                + " SET alive_until = ?, alive_since = CASE WHEN ? THEN ? ELSE alive_since END")) {
            statement.setTimestamp(1, now);
            statement.setBoolean(2, paused);
            statement.setTimestamp(3, now);
            statement.executeUpdate();
        }
        return missed;
    }

    private static int failMissed(Connection connection, Timestamp since, Timestamp until, Duration tolerance)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FAIL_MISSED)) {
            statement.setTimestamp(1, since);
            statement.setTimestamp(2, until);
            statement.setLong(3, tolerance.toMillis());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}
