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
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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

    /**
     * All decisions of a restore are of one transaction: where there are any, there are all. What the replaced state said is looked for among
     * what ended badly there, which has an index, and not in all of it.
     */
    private static final String DECIDE = """
            INSERT INTO restore_control.restore_action
                   (restore_id, number, tenant_name, execution_id, workflow_id, from_status, fate, scheduled_for, text, known_before)
            SELECT ?, t.storage_id, t.tenant_name, t.id, t.workflow_id, t.status, t.fate, t.scheduled_for, t.text,
                   coalesce(l.error = t.text
                            AND l.status = CASE t.fate WHEN 'cancelled' THEN 'cancelled' ELSE 'failed' END, false)
              FROM (SELECT d.storage_id, d.tenant_name, d.id, d.workflow_id, d.status, d.fate,
                           CASE WHEN d.reachable THEN d.scheduled_for END AS scheduled_for,
                           CASE d.fate
                                WHEN 'overdue' THEN format(?, d.id,
                                     to_char(d.scheduled_for AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
                                WHEN 'invalid_schedule' THEN
                                     CASE WHEN d.scheduled_for IS NULL THEN format(?, d.id)
                                          ELSE format(?, d.id, (d.scheduled_for AT TIME ZONE 'UTC')::text) END
                                WHEN 'cancelled' THEN ?
                           END AS text
                      FROM (SELECT e.storage_id, e.tenant_name, e.id, e.workflow_id, e.status, e.scheduled_for, r.reachable,
                                   CASE WHEN e.id = ? AND e.workflow_id = 'create_snapshot' THEN 'terminated'
                                        WHEN e.status = 'queued' THEN 'queued'
                                        WHEN e.status <> 'scheduled' THEN 'cancelled'
                                        WHEN r.reachable IS NOT TRUE THEN 'invalid_schedule'
                                        WHEN e.scheduled_for > ? THEN 'rescheduled'
                                        ELSE 'overdue' END AS fate
                              FROM %1$s.executions e
                             CROSS JOIN LATERAL (SELECT e.scheduled_for >= ? AND e.scheduled_for < ? AS reachable) r
                             WHERE e.status NOT IN ('terminated', 'failed', 'cancelled')) d) t
              LEFT JOIN %4$s.executions l
                ON l.tenant_name = t.tenant_name AND l.id = t.id AND l.status IN ('failed', 'cancelled')
             WHERE NOT EXISTS (SELECT FROM restore_control.restore_action a WHERE a.restore_id = ?)""";

    /**
     * For this transaction: the joins and sorts of 100,000 decisions then need no files, nor do the sorts of the indexes that are built anew,
     * of which each may then use further processes, too (PostgreSQL gives each 32 MB at least).
     */
    private static final String MEMORY = "SET LOCAL work_mem = '64MB'; SET LOCAL maintenance_work_mem = '256MB'";

    /** Until then the planner takes so many decisions for a handful, and looks each execution up by its key. A small sample tells it enough. */
    private static final String ANALYZE =
            "SET LOCAL default_statistics_target = 10; ANALYZE restore_control.restore_action; RESET default_statistics_target";

    /** Who changes, in the history of the executions. */
    public static final String CHANGED_BY = "holdfast:restore";

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

    private static final String NEW_STATUS = """
            CASE a.fate WHEN 'overdue' THEN 'failed' WHEN 'invalid_schedule' THEN 'failed' WHEN 'cancelled' THEN 'cancelled'
                        WHEN 'terminated' THEN 'terminated' ELSE e.status END""";

    private static final String NEW_REASON = "CASE a.fate WHEN 'overdue' THEN '" + RestoreRule.OVERDUE_REASON
            + "' WHEN 'invalid_schedule' THEN '" + RestoreRule.INVALID_REASON + "' WHEN 'cancelled' THEN '"
            + RestoreRule.CANCELLED_REASON + "' ELSE e.reason_code END";

    private static final String GOES_ON = "a.fate IN ('rescheduled', 'queued')";

    /** What becomes of the columns of an execution {@code e} by its decision {@code a}, on the terms {@code t}. All others stay. */
    private static final Map<String, String> CHANGES = Map.ofEntries(
            Map.entry("status", NEW_STATUS),
            Map.entry("error", "CASE WHEN a.text IS NULL THEN e.error ELSE a.text END"),
            Map.entry("reason_code", NEW_REASON),
            Map.entry("changed_by", "CASE WHEN " + GOES_ON + " THEN e.changed_by ELSE '" + CHANGED_BY + "' END"),
            Map.entry("scheduled_for", "CASE WHEN a.fate = 'invalid_schedule' THEN NULL ELSE e.scheduled_for END"),
            Map.entry("ended_at", "CASE WHEN " + GOES_ON + " THEN e.ended_at ELSE coalesce(e.ended_at, t.at) END"),
            Map.entry("dispatch_token", "NULL"),
            Map.entry("dispatch_attempt", "0"),
            Map.entry("lease_until", "NULL"),
            Map.entry("restore_epoch", "t.epoch"),
            Map.entry("version", "e.version + 1"));

    /** The terms as a row {@code t}; three parameters. */
    private static final String TERMS = "(SELECT ?::timestamptz AS at, ?::bigint AS epoch, ?::text AS restore_id) t";

    /** What joins an execution to a decision that is not carried out yet. */
    private static final String DECIDED = """
            a.restore_id = t.restore_id AND a.tenant_name = e.tenant_name AND a.execution_id = e.id
               AND e.status = a.from_status AND e.restore_epoch < t.epoch""";

    /** Before they are changed. */
    private static final String NOTE = """
            INSERT INTO %1$s.execution_history
                   (tenant_name, execution_id, from_status, to_status, changed_at, changed_by, reason_code, attempt, epoch)
            SELECT e.tenant_name, e.id, e.status, %2$s, t.at, '%3$s', %4$s, 0, t.epoch
              FROM %5$s
              JOIN restore_control.restore_action a ON a.restore_id = t.restore_id
              JOIN %1$s.executions e ON %6$s
             WHERE NOT %7$s""";

    private static final String CARRY_OUT = """
            UPDATE %1$s.executions e
               SET %2$s
              FROM %3$s, restore_control.restore_action a
             WHERE %4$s""";

    /** The trigger that writes the history row by row: here all rows are written at once. Inside the transaction, so never left so. */
    private static final String HISTORY_TRIGGER = "ALTER TABLE %s.executions %s TRIGGER note_transition";

    /** Operations of what was cancelled before: they do not write into the new state either. */
    private static final String FENCE_CANCELLED = """
            UPDATE %1$s.executions SET dispatch_token = NULL WHERE status = 'cancelled' AND dispatch_token IS NOT NULL""";

    /** A log line and an event of each, in this order, sorted while they are one. */
    private static final String TELL = """
            INSERT INTO %1$s.events (tenant_name, type, timestamp, reported_timestamp, execution_id, workflow_id, blueprint_id,
                   deployment_id, deployment_display_name, event_type, logger, level, message, visibility, created_by)
            SELECT o.tenant_name, o.type, ?, ?, o.id, o.workflow_id, o.blueprint_id, o.deployment_id, o.deployment_display_name,
                   CASE o.type WHEN 'cloudify_event' THEN 'workflow_failed' END,
                   CASE o.type WHEN 'cloudify_log' THEN '%2$s' END,
                   CASE o.type WHEN 'cloudify_log' THEN CASE o.fate WHEN 'overdue' THEN 'info' ELSE 'warning' END END,
                   CASE o.type WHEN 'cloudify_log' THEN o.text
                        ELSE format('''%%s'' workflow execution failed: %%s', o.workflow_id, o.text) END,
                   o.visibility, o.created_by
              FROM (SELECT f.*, unnest('{cloudify_log,cloudify_event}'::text[]) AS type
                      FROM (SELECT e.tenant_name, e.id, e.workflow_id, e.blueprint_id, e.deployment_id, e.deployment_display_name,
                                   e.visibility, e.created_by, a.fate, a.text
                              FROM restore_control.restore_action a
                              JOIN %1$s.executions e ON e.tenant_name = a.tenant_name AND e.id = a.execution_id
                             WHERE a.restore_id = ? AND a.fate IN ('overdue', 'invalid_schedule')
                             ORDER BY a.scheduled_for, e.storage_id) f) o""";

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

    /** Indexes of executions that those enter that the rule fails or cancels. */
    private static final List<String> ENDED_BADLY = List.of("executions_ended", "executions_unsuccessful");

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
        Statements.execute(connection, MEMORY);
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
                Statements.execute(connection, ANALYZE);
            }
        }
        try (PreparedStatement noteClaims = prepare(connection, NOTE_CLAIMS, staged, replaced)) {
            noteClaims.setString(1, terms.restoreId());
            noteClaims.setLong(2, terms.epoch());
            noteClaims.executeUpdate();
        }
        if (carryOut(connection, staged, terms, at, decided)) {
            tell(connection, staged, terms.restoreId(), at);
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

    /** Answers whether anything was changed. */
    private static boolean carryOut(
            Connection connection, StateSchemas staged, RuleTerms terms, OffsetDateTime at, long decided)
            throws SQLException {
        List<Object> parameters = List.of(at, terms.epoch(), terms.restoreId());
        SparedIndexes ofHistory = SparedIndexes.whileAdding(
                connection, staged.scheduler(), "execution_history", decided, true, List.of());
        Statements.execute(
                connection,
                NOTE.formatted(staged.scheduler(), NEW_STATUS, CHANGED_BY, NEW_REASON, TERMS, DECIDED, GOES_ON),
                parameters);
        ofHistory.putBack(connection);
        SparedIndexes spared =
                SparedIndexes.whileChanging(connection, staged.scheduler(), "executions", decided, ENDED_BADLY);
        if (spared.any()) {
            new RewrittenTable(connection, staged.scheduler() + ".executions")
                    .write(
                            CHANGES,
                            "a.execution_id IS NOT NULL",
                            "CROSS JOIN " + TERMS + " LEFT JOIN restore_control.restore_action a ON " + DECIDED,
                            parameters);
            spared.putBack(connection);
            return true;
        }
        String changes = CHANGES.entrySet().stream()
                .map(change -> change.getKey() + " = " + change.getValue())
                .collect(Collectors.joining(", "));
        switchHistoryTrigger(connection, staged, "DISABLE");
        int changed = Statements.execute(
                connection, CARRY_OUT.formatted(staged.scheduler(), changes, TERMS, DECIDED), parameters);
        switchHistoryTrigger(connection, staged, "ENABLE");
        return changed > 0;
    }

    private static void switchHistoryTrigger(Connection connection, StateSchemas staged, String how)
            throws SQLException {
        Statements.execute(connection, HISTORY_TRIGGER.formatted(staged.scheduler(), how));
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
        SparedIndexes spared = SparedIndexes.whileAdding(
                connection,
                staged.scheduler(),
                "events",
                told,
                false,
                List.of("events_execution_group", "events_global"));
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
