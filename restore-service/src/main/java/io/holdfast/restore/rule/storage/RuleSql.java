package io.holdfast.restore.rule.storage;

import io.holdfast.restore.rule.Decision;
import io.holdfast.restore.rule.Fate;
import io.holdfast.restore.rule.RestoreRule;
import io.holdfast.restore.rule.RuleOutcome;
import io.holdfast.restore.rule.RuleTerms;
import io.holdfast.state.StateSchemas;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
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

    /** All decisions of a restore are of one transaction: where there are any, there are all. */
    private static final String DECIDE = """
            INSERT INTO restore_control.restore_action
                   (restore_id, tenant_name, execution_id, workflow_id, from_status, fate, scheduled_for, text, known_before)
            SELECT ?, t.tenant_name, t.id, t.workflow_id, t.status, t.fate, t.scheduled_for, t.text,
                   coalesce(l.error = t.text
                            AND l.status = CASE t.fate WHEN 'cancelled' THEN 'cancelled' ELSE 'failed' END, false)
              FROM (SELECT d.tenant_name, d.id, d.workflow_id, d.status, d.fate,
                           CASE WHEN d.reachable THEN d.scheduled_for END AS scheduled_for,
                           CASE d.fate
                                WHEN 'overdue' THEN format(?, d.id,
                                     to_char(d.scheduled_for AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
                                WHEN 'invalid_schedule' THEN
                                     CASE WHEN d.scheduled_for IS NULL THEN format(?, d.id)
                                          ELSE format(?, d.id, (d.scheduled_for AT TIME ZONE 'UTC')::text) END
                                WHEN 'cancelled' THEN ?
                           END AS text
                      FROM (SELECT e.tenant_name, e.id, e.workflow_id, e.status, e.scheduled_for, r.reachable,
                                   CASE WHEN e.id = ? AND e.workflow_id = 'create_snapshot' THEN 'terminated'
                                        WHEN e.status = 'queued' THEN 'queued'
                                        WHEN e.status <> 'scheduled' THEN 'cancelled'
                                        WHEN r.reachable IS NOT TRUE THEN 'invalid_schedule'
                                        WHEN e.scheduled_for > ? THEN 'rescheduled'
                                        ELSE 'overdue' END AS fate
                              FROM %1$s.executions e
                             CROSS JOIN LATERAL (SELECT e.scheduled_for >= ? AND e.scheduled_for < ? AS reachable) r
                             WHERE e.status NOT IN ('terminated', 'failed', 'cancelled')) d) t
              LEFT JOIN %4$s.executions l ON l.tenant_name = t.tenant_name AND l.id = t.id
             WHERE NOT EXISTS (SELECT FROM restore_control.restore_action a WHERE a.restore_id = ?)""";

    /**
     * For this transaction: the joins and sorts of 100,000 decisions then need no files, nor do the sorts of the indexes that are built anew,
     * of which each may then use further processes, too (PostgreSQL gives each 32 MB at least).
     */
    private static final String MEMORY = "SET LOCAL work_mem = '64MB'; SET LOCAL maintenance_work_mem = '256MB'";

    /** Until then the planner takes so many decisions for a handful, and looks each execution up by its key. */
    private static final String ANALYZE = "ANALYZE restore_control.restore_action";

    /** Who changes, in the history of the executions. */
    public static final String CHANGED_BY = "holdfast:restore";

    /** The trigger that writes the history row by row: here all rows are written at once. Inside the transaction, so never left so. */
    private static final String HISTORY_TRIGGER = "ALTER TABLE %s.executions %s TRIGGER note_transition";

    /** The row of a claim is written when an execution leaves {@code pending}: as the trigger does. */
    private static final String NOTE_CLAIMS = """
            INSERT INTO %1$s.execution_history
                   (tenant_name, execution_id, from_status, to_status, changed_at, attempt, epoch)
            SELECT e.tenant_name, e.id, 'scheduled', 'pending', e.dispatched_at, e.dispatch_attempt, e.restore_epoch
              FROM %1$s.executions e
              JOIN restore_control.restore_action a ON a.tenant_name = e.tenant_name AND a.execution_id = e.id
             WHERE a.restore_id = ? AND a.from_status = 'pending' AND e.status = 'pending' AND e.restore_epoch < ?
               AND e.scheduled_for IS NOT NULL AND e.dispatched_at IS NOT NULL
               AND NOT EXISTS (SELECT FROM %1$s.execution_history h WHERE h.tenant_name = e.tenant_name
                                  AND h.execution_id = e.id AND h.to_status = 'pending' AND h.changed_at >= e.dispatched_at)""";

    /** Answers how many rows it changed. */
    private static final String CARRY_OUT = """
            WITH changed AS (
                UPDATE %1$s.executions e
                   SET status = CASE a.fate WHEN 'overdue' THEN 'failed' WHEN 'invalid_schedule' THEN 'failed'
                                            WHEN 'cancelled' THEN 'cancelled' WHEN 'terminated' THEN 'terminated'
                                            ELSE e.status END,
                       error = CASE WHEN a.text IS NULL THEN e.error ELSE a.text END,
                       reason_code = CASE a.fate WHEN 'overdue' THEN ? WHEN 'invalid_schedule' THEN ? WHEN 'cancelled' THEN ?
                                                 ELSE e.reason_code END,
                       changed_by = CASE WHEN a.fate IN ('rescheduled', 'queued') THEN e.changed_by ELSE '%5$s' END,
                       scheduled_for = CASE WHEN a.fate = 'invalid_schedule' THEN NULL ELSE e.scheduled_for END,
                       ended_at = CASE WHEN a.fate IN ('rescheduled', 'queued') THEN e.ended_at ELSE coalesce(e.ended_at, ?) END,
                       dispatch_token = NULL, dispatch_attempt = 0, lease_until = NULL,
                       restore_epoch = ?, version = e.version + 1
                  FROM restore_control.restore_action a
                 WHERE a.restore_id = ? AND a.tenant_name = e.tenant_name AND a.execution_id = e.id
                   AND e.status = a.from_status AND e.restore_epoch < ?
                RETURNING e.tenant_name, e.id, a.from_status, e.status, e.reason_code, e.restore_epoch),
            noted AS (
                INSERT INTO %1$s.execution_history
                       (tenant_name, execution_id, from_status, to_status, changed_at, changed_by, reason_code, attempt, epoch)
                SELECT tenant_name, id, from_status, status, ?, '%5$s', reason_code, 0, restore_epoch FROM changed
                 WHERE status <> from_status)
            SELECT count(*) FROM changed""";

    /** Operations of what was cancelled before: they do not write into the new state either. */
    private static final String FENCE_CANCELLED = """
            UPDATE %1$s.executions SET dispatch_token = NULL WHERE status = 'cancelled' AND dispatch_token IS NOT NULL""";

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

    /** The scheduler decides on what was missed; a time that is none is worked out anew. */
    private static final String SCHEDULES = """
            UPDATE %1$s.execution_schedules
               SET missed_until = CASE WHEN isfinite(next_occurrence) THEN ?::timestamptz END,
                   next_occurrence = CASE WHEN isfinite(next_occurrence) THEN next_occurrence END
             WHERE enabled AND next_occurrence <= ? AND missed_until IS DISTINCT FROM ?""";

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
     * @param connection in a transaction, as the owner of the schemas
     * @param replaced the state that the staged one takes the place of: what it says already is not told again
     */
    public static RuleOutcome apply(Connection connection, StateSchemas staged, StateSchemas replaced, RuleTerms terms)
            throws SQLException {
        OffsetDateTime at = OffsetDateTime.ofInstant(terms.t0(), ZoneOffset.UTC);
        try (Statement memory = connection.createStatement()) {
            memory.execute(MEMORY);
        }
        long decided;
        try (PreparedStatement decide = prepare(connection, DECIDE, staged, replaced)) {
            decide.setString(1, terms.restoreId());
            decide.setString(2, RestoreRule.OVERDUE_LINE);
            decide.setString(3, RestoreRule.INVALID_LINE);
            decide.setString(4, RestoreRule.UNREACHABLE_LINE);
            decide.setString(5, RestoreRule.CANCELLED_LINE);
            decide.setString(6, terms.createExecutionId());
            decide.setObject(7, OffsetDateTime.ofInstant(terms.overdueUpTo(), ZoneOffset.UTC));
            decide.setObject(8, OffsetDateTime.ofInstant(RestoreRule.EARLIEST, ZoneOffset.UTC));
            decide.setObject(9, OffsetDateTime.ofInstant(RestoreRule.TOO_LATE, ZoneOffset.UTC));
            decide.setString(10, terms.restoreId());
            decided = decide.executeUpdate();
            if (decided > 0) {
                try (Statement analyze = connection.createStatement()) {
                    analyze.execute(ANALYZE);
                }
            }
        }
        try (PreparedStatement noteClaims = prepare(connection, NOTE_CLAIMS, staged, replaced)) {
            noteClaims.setString(1, terms.restoreId());
            noteClaims.setLong(2, terms.epoch());
            noteClaims.executeUpdate();
        }
        try (PreparedStatement carryOut = prepare(connection, CARRY_OUT, staged, replaced)) {
            carryOut.setString(1, RestoreRule.OVERDUE_REASON);
            carryOut.setString(2, RestoreRule.INVALID_REASON);
            carryOut.setString(3, RestoreRule.CANCELLED_REASON);
            carryOut.setObject(4, at);
            carryOut.setLong(5, terms.epoch());
            carryOut.setString(6, terms.restoreId());
            carryOut.setLong(7, terms.epoch());
            carryOut.setObject(8, at);
            switchHistoryTrigger(connection, staged, "DISABLE");
            SparedIndexes spared = SparedIndexes.whileChanging(connection, staged.scheduler(), "executions", decided);
            boolean changed;
            try (ResultSet row = carryOut.executeQuery()) {
                row.next();
                changed = row.getLong(1) > 0;
            }
            spared.putBack(connection);
            switchHistoryTrigger(connection, staged, "ENABLE");
            if (changed) {
                tell(connection, staged, terms.restoreId(), at);
            }
        }
        try (PreparedStatement fence = prepare(connection, FENCE_CANCELLED, staged, replaced)) {
            fence.executeUpdate();
        }
        try (PreparedStatement schedules = prepare(connection, SCHEDULES, staged, replaced)) {
            schedules.setObject(1, at);
            schedules.setObject(2, at);
            schedules.setObject(3, at);
            schedules.executeUpdate();
        }
        try (PreparedStatement deployments = prepare(connection, DEPLOYMENTS, staged, replaced)) {
            deployments.setString(1, terms.restoreId());
            deployments.executeUpdate();
        }
        return new RuleOutcome(count(connection, terms.restoreId()), missed(connection, staged, at));
    }

    private static void switchHistoryTrigger(Connection connection, StateSchemas staged, String how)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(HISTORY_TRIGGER.formatted(staged.scheduler(), how));
        }
    }

    private static long missed(Connection connection, StateSchemas staged, OffsetDateTime at) throws SQLException {
        try (PreparedStatement count = connection.prepareStatement(
                "SELECT count(*) FROM " + staged.scheduler() + ".execution_schedules WHERE missed_until = ?")) {
            count.setObject(1, at);
            try (ResultSet row = count.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void tell(Connection connection, StateSchemas staged, String restoreId, OffsetDateTime at)
            throws SQLException {
        Map<Fate, Long> fates = count(connection, restoreId);
        long told = 2 * (fates.getOrDefault(Fate.OVERDUE, 0L) + fates.getOrDefault(Fate.INVALID_SCHEDULE, 0L));
        SparedIndexes spared = SparedIndexes.whileAdding(connection, staged.scheduler(), "events", told);
        try (PreparedStatement tell = prepare(connection, TELL, staged, staged)) {
            tell.setObject(1, at);
            tell.setObject(2, at);
            tell.setString(3, restoreId);
            tell.executeUpdate();
        }
        spared.putBack(connection);
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
        read(connection, restoreId, null, reader);
    }

    /** The first {@code limit} decisions of a restore, in the order of their times. */
    public static List<Decision> first(Connection connection, String restoreId, int limit) throws SQLException {
        List<Decision> decisions = new ArrayList<>();
        read(connection, restoreId, limit, decisions::add);
        return decisions;
    }

    private static void read(
            Connection connection, String restoreId, @Nullable Integer limit, Consumer<Decision> reader)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT tenant_name, execution_id, workflow_id, from_status, fate, scheduled_for, text, known_before"
                        + " FROM restore_control.restore_action WHERE restore_id = ?"
                        + " ORDER BY scheduled_for, tenant_name, execution_id LIMIT ?")) {
            query.setString(1, restoreId);
            query.setObject(2, limit, Types.INTEGER);
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
                            row.getString(7),
                            row.getBoolean(8)));
                }
            }
        }
    }

    private static PreparedStatement prepare(
            Connection connection, String sql, StateSchemas staged, StateSchemas replaced) throws SQLException {
        return connection.prepareStatement(
                String.format(sql, staged.scheduler(), LOGGER, staged.inventory(), replaced.scheduler(), CHANGED_BY));
    }
}
