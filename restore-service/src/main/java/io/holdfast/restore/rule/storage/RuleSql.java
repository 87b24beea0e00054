package io.holdfast.restore.rule.storage;

import io.holdfast.restore.rule.Decision;
import io.holdfast.restore.rule.Fate;
import io.holdfast.restore.rule.RestoreRule;
import io.holdfast.state.StateSchemas;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The restore rule on the staged executions: a fixed number of statements, however many there are. All of it runs in the caller's
 * transaction; a second run for the same restore changes nothing.
 */
public final class RuleSql {

    /** Who decided, as the events' logger. */
    public static final String LOGGER = "holdfast.restore";

    /** Rows fetched at once where all decisions are read. */
    private static final int FETCH = 500;

    private static final String DECIDE = """
            INSERT INTO restore_control.restore_action
                   (restore_id, tenant_name, execution_id, workflow_id, from_status, fate, scheduled_for, text)
            SELECT ?, d.tenant_name, d.id, d.workflow_id, d.status, d.fate, d.scheduled_for,
                   CASE d.fate
                        WHEN 'overdue' THEN format(?, d.id,
                             to_char(d.scheduled_for AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
                        WHEN 'invalid_schedule' THEN format(?, d.id)
                        WHEN 'cancelled' THEN ?
                   END
              FROM (SELECT e.tenant_name, e.id, e.workflow_id, e.status, e.scheduled_for,
                           CASE WHEN e.id = ? AND e.workflow_id = 'create_snapshot' THEN 'terminated'
                                WHEN e.status = 'queued' THEN 'queued'
                                WHEN e.status <> 'scheduled' THEN 'cancelled'
                                WHEN e.scheduled_for IS NULL THEN 'invalid_schedule'
                                WHEN e.scheduled_for > ? THEN 'rescheduled'
                                ELSE 'overdue' END AS fate
                      FROM %1$s.executions e
                     WHERE e.status NOT IN ('terminated', 'failed', 'cancelled')) d
            ON CONFLICT DO NOTHING""";

    private static final String CARRY_OUT = """
            UPDATE %1$s.executions e
               SET status = CASE a.fate WHEN 'overdue' THEN 'failed' WHEN 'invalid_schedule' THEN 'failed'
                                        WHEN 'cancelled' THEN 'cancelled' WHEN 'terminated' THEN 'terminated'
                                        ELSE e.status END,
                   error = CASE WHEN a.text IS NULL THEN e.error ELSE a.text END,
                   reason_code = CASE a.fate WHEN 'overdue' THEN ? WHEN 'invalid_schedule' THEN ? WHEN 'cancelled' THEN ?
                                             ELSE e.reason_code END,
                   ended_at = CASE WHEN a.fate IN ('rescheduled', 'queued') THEN e.ended_at ELSE coalesce(e.ended_at, ?) END,
                   dispatch_token = NULL, dispatch_attempt = 0, lease_until = NULL,
                   restore_epoch = ?, version = e.version + 1
              FROM restore_control.restore_action a
             WHERE a.restore_id = ? AND a.tenant_name = e.tenant_name AND a.execution_id = e.id
               AND e.status = a.from_status AND e.restore_epoch < ?""";

    private static final String TELL = """
            INSERT INTO %1$s.events (tenant_name, type, timestamp, reported_timestamp, execution_id, workflow_id, blueprint_id,
                   deployment_id, deployment_display_name, event_type, logger, level, message, visibility, created_by)
            SELECT e.tenant_name, k.type, ?, ?, e.id, e.workflow_id, e.blueprint_id, e.deployment_id, e.deployment_display_name,
                   CASE k.type WHEN 'cloudify_event' THEN 'workflow_failed' END,
                   CASE k.type WHEN 'cloudify_log' THEN '%2$s' END,
                   CASE k.type WHEN 'cloudify_log' THEN CASE a.fate WHEN 'overdue' THEN 'info' ELSE 'warning' END END,
                   CASE k.type WHEN 'cloudify_log' THEN a.text
                        ELSE format('''%%s'' workflow execution failed: %%s', e.workflow_id, a.text) END,
                   e.visibility, e.created_by
              FROM restore_control.restore_action a
              JOIN %1$s.executions e ON e.tenant_name = a.tenant_name AND e.id = a.execution_id
             CROSS JOIN (VALUES ('cloudify_log'), ('cloudify_event')) k (type)
             WHERE a.restore_id = ? AND a.fate IN ('overdue', 'invalid_schedule')
             ORDER BY a.scheduled_for, e.storage_id, k.type DESC""";

    /** Occurrences up to T0 are not made up for; the scheduler computes the next one when it finds none. */
    private static final String SCHEDULES =
            "UPDATE %1$s.execution_schedules SET next_occurrence = NULL WHERE next_occurrence <= ?";

    /** What deployments repeat of their latest execution. */
    private static final String DEPLOYMENTS = """
            UPDATE %3$s.deployments d
               SET latest_execution_status = e.status,
                   deployment_status = CASE WHEN d.deployment_status = 'in_progress' AND e.status IN ('failed', 'cancelled')
                                            THEN 'requires_attention' ELSE d.deployment_status END
              FROM restore_control.restore_action a
              JOIN %1$s.executions e ON e.tenant_name = a.tenant_name AND e.id = a.execution_id
             WHERE a.restore_id = ? AND a.fate IN ('overdue', 'invalid_schedule', 'cancelled', 'terminated')
               AND d.tenant_name = a.tenant_name AND d.latest_execution_id = a.execution_id""";

    private RuleSql() {}

    /**
     * Decides and carries out.
     *
     * @param connection in a transaction, as the owner of the staged schemas
     * @param createExecutionId the execution that made the archive, null if not known
     * @param t0 the one instant of this restore
     * @param epoch greater than that of every staged execution
     * @return how many met each fate
     */
    public static Map<Fate, Long> apply(
            Connection connection,
            StateSchemas staged,
            String restoreId,
            @Nullable String createExecutionId,
            Instant t0,
            long epoch)
            throws SQLException {
        OffsetDateTime at = OffsetDateTime.ofInstant(t0, ZoneOffset.UTC);
        try (PreparedStatement decide = prepare(connection, DECIDE, staged)) {
            decide.setString(1, restoreId);
            decide.setString(2, RestoreRule.OVERDUE_LINE);
            decide.setString(3, RestoreRule.INVALID_LINE);
            decide.setString(4, RestoreRule.CANCELLED_LINE);
            decide.setString(5, createExecutionId);
            decide.setObject(6, at);
            decide.executeUpdate();
        }
        try (PreparedStatement carryOut = prepare(connection, CARRY_OUT, staged)) {
            carryOut.setString(1, RestoreRule.OVERDUE_REASON);
            carryOut.setString(2, RestoreRule.INVALID_REASON);
            carryOut.setString(3, RestoreRule.CANCELLED_REASON);
            carryOut.setObject(4, at);
            carryOut.setLong(5, epoch);
            carryOut.setString(6, restoreId);
            carryOut.setLong(7, epoch);
            if (carryOut.executeUpdate() > 0) {
                tell(connection, staged, restoreId, at);
            }
        }
        try (PreparedStatement schedules = prepare(connection, SCHEDULES, staged)) {
            schedules.setObject(1, at);
            schedules.executeUpdate();
        }
        try (PreparedStatement deployments = prepare(connection, DEPLOYMENTS, staged)) {
            deployments.setString(1, restoreId);
            deployments.executeUpdate();
        }
        return count(connection, restoreId);
    }

    private static void tell(Connection connection, StateSchemas staged, String restoreId, OffsetDateTime at)
            throws SQLException {
        try (PreparedStatement tell = prepare(connection, TELL, staged)) {
            tell.setObject(1, at);
            tell.setObject(2, at);
            tell.setString(3, restoreId);
            tell.executeUpdate();
        }
    }

    private static Map<Fate, Long> count(Connection connection, String restoreId) throws SQLException {
        Map<Fate, Long> counts = new EnumMap<>(Fate.class);
        try (PreparedStatement count = connection.prepareStatement(
                "SELECT fate, count(*) FROM restore_control.restore_action WHERE restore_id = ? GROUP BY fate")) {
            count.setString(1, restoreId);
            try (ResultSet row = count.executeQuery()) {
                while (row.next()) {
                    counts.put(Fate.ofWireName(row.getString(1)), row.getLong(2));
                }
            }
        }
        return counts;
    }

    /**
     * Reads all decisions of a restore, in the order of their times, without holding them in memory.
     *
     * @param connection not in autocommit, or the driver reads them all at once
     */
    public static void forEach(Connection connection, String restoreId, Consumer<Decision> reader) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT tenant_name, execution_id, workflow_id, from_status, fate, scheduled_for, text"
                        + " FROM restore_control.restore_action WHERE restore_id = ?"
                        + " ORDER BY scheduled_for, tenant_name, execution_id")) {
            query.setString(1, restoreId);
            query.setFetchSize(FETCH);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    OffsetDateTime scheduledFor = row.getObject(6, OffsetDateTime.class);
                    reader.accept(new Decision(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            Fate.ofWireName(row.getString(5)),
                            scheduledFor == null ? null : scheduledFor.toInstant(),
                            row.getString(7)));
                }
            }
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, StateSchemas staged)
            throws SQLException {
        return connection.prepareStatement(String.format(sql, staged.scheduler(), LOGGER, staged.inventory()));
    }
}
