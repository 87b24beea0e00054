package io.holdfast.scheduler.dispatch.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.Event;
import io.holdfast.contracts.events.WorkflowCommand;
import io.holdfast.scheduler.dispatch.DueExecutions;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * The claim as one statement: take, change, tell. {@code statement_timestamp()} and never {@code clock_timestamp()}: the latter is
 * volatile, so that every poll would walk the whole index of what is pending (measured with 100,000 of them: 125 times later).
 */
@ApplicationScoped
class PgDueExecutions implements DueExecutions {

    private static final String GATE_IS_OPEN =
            " AND NOT EXISTS (SELECT FROM cluster_control.gate WHERE status <> 'deactivated')";

    private static final String CLAIM = "WITH due AS (SELECT tenant_name, id FROM scheduler.executions"
            + " WHERE status = 'scheduled' AND scheduled_for <= statement_timestamp()%s"
            + " ORDER BY scheduled_for, storage_id LIMIT ? FOR UPDATE SKIP LOCKED),"
            + " claimed AS (UPDATE scheduler.executions e SET status = 'pending', version = e.version + 1,"
            + " dispatch_token = gen_random_uuid()::text, dispatch_attempt = e.dispatch_attempt + 1, lease_until = NULL"
            + " FROM due WHERE e.tenant_name = due.tenant_name AND e.id = due.id RETURNING e.*),"
            + " told AS (INSERT INTO scheduler_control.outbox"
            + " (type, aggregate_id, aggregate_version, tenant_name, exchange, routing_key, payload)"
            + " SELECT ?, id, version, tenant_name, ?, ?, jsonb_build_object('executionId', id, 'tenantName', tenant_name,"
            + " 'workflowId', workflow_id, 'deploymentId', deployment_id, 'parameters',"
            + " CASE WHEN jsonb_typeof(parameters) = 'object' THEN parameters ELSE '{}'::jsonb END,"
            + " 'dryRun', is_dry_run, 'token', dispatch_token, 'epoch', restore_epoch)"
            + " FROM claimed ORDER BY scheduled_for, storage_id RETURNING 1),"
            + " counted AS (SELECT count(*) AS n FROM told)"
            + " SELECT n, CASE WHEN n > 0 THEN pg_notify('holdfast_outbox', 'scheduler') END FROM counted";

    private static final String NEXT =
            "SELECT extract(epoch FROM min(scheduled_for) - statement_timestamp()) FROM scheduler.executions"
                    + " WHERE status = 'scheduled'%s";

    private final AgroalDataSource dataSource;
    private volatile boolean gateExists;

    PgDueExecutions(@DataSource("scheduler") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public int claim(int limit) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(CLAIM.formatted(gate(connection)))) {
            statement.setInt(1, limit);
            statement.setString(2, WorkflowCommand.StartExecution.TYPE);
            statement.setString(3, Event.COMMANDS);
            statement.setString(4, "workflow.execution.start");
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot claim due executions", e);
        }
    }

    @Override
    public Optional<Duration> untilNext() {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(NEXT.formatted(gate(connection)));
                ResultSet row = statement.executeQuery()) {
            row.next();
            double seconds = row.getDouble(1);
            return row.wasNull() ? Optional.empty() : Optional.of(Duration.ofNanos((long) (seconds * 1e9)));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot see what is due", e);
        }
    }

    /** The cluster-service makes the gate; until it is there, nothing can be closed. Once seen it is not asked for again. */
    private String gate(Connection connection) throws SQLException {
        if (gateExists) {
            return GATE_IS_OPEN;
        }
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE n.nspname = 'cluster_control' AND c.relname = 'gate'"
                                + " AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'))");
                ResultSet row = statement.executeQuery()) {
            row.next();
            gateExists = row.getBoolean(1);
            return gateExists ? GATE_IS_OPEN : "";
        }
    }
}
