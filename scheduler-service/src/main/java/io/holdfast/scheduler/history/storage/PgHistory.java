package io.holdfast.scheduler.history.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.Statements;
import io.holdfast.scheduler.history.History;
import io.holdfast.scheduler.history.HistoryStep;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table {@code execution_history}, and what the columns of a claimed execution say until it leaves {@code pending}. */
@ApplicationScoped
class PgHistory implements History {

    private static final String SCHEDULER = "holdfast:scheduler";

    /** Binds: tenant, execution, twice. The claim of one that is pending is its last step so far. */
    private static final String STEPS = """
            SELECT storage_id, from_status, to_status, changed_at, changed_by, reason_code, attempt, epoch
              FROM scheduler.execution_history WHERE tenant_name = ? AND execution_id = ?
            UNION ALL
            SELECT 9223372036854775807, 'scheduled', 'pending', e.dispatched_at, NULL, NULL, e.dispatch_attempt, e.restore_epoch
              FROM scheduler.executions e WHERE e.tenant_name = ? AND e.id = ? AND e.status = 'pending'
               AND e.scheduled_for IS NOT NULL AND e.dispatched_at IS NOT NULL
               AND NOT EXISTS (SELECT FROM scheduler.execution_history h WHERE h.tenant_name = e.tenant_name
                                  AND h.execution_id = e.id AND h.to_status = 'pending' AND h.changed_at >= e.dispatched_at)""";

    /** Binds: retention in seconds, twice; executions. */
    private static final String FORGET = """
            WITH old AS MATERIALIZED (
                SELECT DISTINCT h.tenant_name, h.execution_id FROM scheduler.execution_history h
                 WHERE h.changed_at < statement_timestamp() - ? * interval '1 second'
                   AND NOT EXISTS (SELECT FROM scheduler.execution_history n WHERE n.tenant_name = h.tenant_name
                                      AND n.execution_id = h.execution_id
                                      AND n.changed_at >= statement_timestamp() - ? * interval '1 second')
                 LIMIT ?)
            DELETE FROM scheduler.execution_history d USING old o
             WHERE d.tenant_name = o.tenant_name AND d.execution_id = o.execution_id""";

    private final Statements statements;

    PgHistory(@DataSource("scheduler") AgroalDataSource dataSource) {
        this.statements = new Statements(dataSource, "the history of executions");
    }

    @Override
    public List<HistoryStep> of(String tenantName, String executionId, int size, int offset) {
        return statements.read(
                "SELECT * FROM (" + STEPS + ") s ORDER BY storage_id LIMIT ? OFFSET ?",
                statement -> {
                    bind(statement, tenantName, executionId);
                    statement.setInt(5, size);
                    statement.setInt(6, offset);
                },
                PgHistory::step);
    }

    @Override
    public long count(String tenantName, String executionId) {
        return statements
                .read(
                        "SELECT count(*) FROM (" + STEPS + ") s",
                        statement -> bind(statement, tenantName, executionId),
                        row -> row.getLong(1))
                .get(0);
    }

    @Override
    public int forget(Duration retention, int executions) {
        return statements.write(FORGET, statement -> {
            statement.setLong(1, retention.toSeconds());
            statement.setLong(2, retention.toSeconds());
            statement.setInt(3, executions);
        });
    }

    private static void bind(PreparedStatement statement, String tenantName, String executionId) throws SQLException {
        statement.setString(1, tenantName);
        statement.setString(2, executionId);
        statement.setString(3, tenantName);
        statement.setString(4, executionId);
    }

    private static HistoryStep step(ResultSet row) throws SQLException {
        @Nullable String changedBy = row.getString("changed_by");
        return new HistoryStep(
                row.getString("from_status"),
                row.getString("to_status"),
                row.getTimestamp("changed_at").toInstant(),
                changedBy == null ? SCHEDULER : changedBy,
                row.getString("reason_code"),
                row.getInt("attempt"),
                row.getLong("epoch"));
    }
}
