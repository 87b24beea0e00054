package io.holdfast.scheduler.dispatch.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.ExecutionSql;
import io.holdfast.scheduler.MaintenanceGate;
import io.holdfast.scheduler.dispatch.DueExecutions;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The claim as one statement: take, change, tell. {@code statement_timestamp()} and never {@code clock_timestamp()}: the latter is
 * volatile, so that every poll would walk the whole index of what is pending (measured with 100,000 of them: 125 times later).
 */
@ApplicationScoped
class PgDueExecutions implements DueExecutions {

    /** One probe of the index for each tenant that has scheduled ones, however many those are. */
    private static final String TENANTS = """
            tenants AS (
                (SELECT tenant_name FROM scheduler.executions WHERE status = 'scheduled' ORDER BY tenant_name LIMIT 1)
                UNION ALL
                SELECT (SELECT e.tenant_name FROM scheduler.executions e WHERE e.status = 'scheduled'
                           AND e.tenant_name > t.tenant_name ORDER BY e.tenant_name LIMIT 1)
                  FROM tenants t WHERE t.tenant_name IS NOT NULL)""";

    /**
     * Rows compared as rows, and ordered by all columns of the index: so no statistics talk PostgreSQL into another index, whose rows
     * of other tenants and priorities it would have to walk through.
     */
    private static final String OF_ONE_PRIORITY = """
            e.status = 'scheduled' AND (e.tenant_name, e.priority) >= (t.tenant_name, p)
                AND (e.tenant_name, e.priority, e.scheduled_for) <= (t.tenant_name, p, %s)
                ORDER BY e.tenant_name, e.priority, e.scheduled_for, e.storage_id""";

    private static final String THROTTLED = "EXISTS (SELECT FROM scheduler_control.tenant_starts s"
            + " WHERE s.tenant_name = t.tenant_name AND s.empty_until > statement_timestamp())";

    private static final String COLUMNS = "e.ctid AS row_id, e.storage_id, e.tenant_name, e.deployment_id,"
            + " e.concurrency_key, e.parallel, e.priority, e.scheduled_for";

    /** Binds: limit. */
    static final String DUE_LONGEST = "due AS MATERIALIZED (SELECT " + COLUMNS + " FROM scheduler.executions e"
            + " WHERE e.status = 'scheduled' AND e.scheduled_for <= statement_timestamp()%s"
            + " ORDER BY e.scheduled_for, e.storage_id LIMIT ? FOR UPDATE SKIP LOCKED)";

    /** Binds: limit, limit. */
    static final String DUE_FAIRLY =
            TENANTS + """
            ,
            due AS MATERIALIZED (
                SELECT d.* FROM (
                    SELECT t.tenant_name, greatest(1, ? / count(*) OVER ()) AS quota FROM tenants t
                     WHERE t.tenant_name IS NOT NULL AND NOT %1$s AND EXISTS (
                        SELECT FROM generate_series(9, 0, -1) p CROSS JOIN LATERAL (
                            SELECT e.scheduled_for FROM scheduler.executions e WHERE %2$s LIMIT 1) one)) t
                CROSS JOIN LATERAL (
                    SELECT taken.* FROM generate_series(9, 0, -1) p CROSS JOIN LATERAL (
                        SELECT %3$s FROM scheduler.executions e WHERE %2$s LIMIT t.quota FOR UPDATE SKIP LOCKED) taken
                     LIMIT t.quota) d
                 WHERE true%%s LIMIT ?)""".formatted(THROTTLED, OF_ONE_PRIORITY.formatted("statement_timestamp()"), COLUMNS);

    /** Binds: those of the due part, lease in milliseconds. */
    private static final String CLAIM = """
            WITH RECURSIVE %1$s,
            judged AS MATERIALIZED (
                SELECT p.*, l.tenant_name IS NULL AND p.concurrency_key IS NULL AND p.deployment_id IS NULL
                       AND NOT (SELECT %2$s) AS free, l.tenant_name AS limited
                  FROM due p LEFT JOIN %3$s),
            claimed AS (
                UPDATE scheduler.executions e SET status = 'pending', %4$s
                  FROM judged j WHERE j.free AND e.ctid = j.row_id RETURNING e.*),
            told AS (
                INSERT INTO scheduler_control.outbox %5$s
                SELECT %6$s FROM claimed ORDER BY priority DESC, scheduled_for, storage_id RETURNING 1),
            counted AS (SELECT count(*) AS n FROM told),
            others AS (
                SELECT row_id, storage_id, priority, scheduled_for FROM judged p WHERE NOT free
                   AND (deployment_id IS NULL OR pg_try_advisory_xact_lock(%7$s))
                   AND (concurrency_key IS NULL OR pg_try_advisory_xact_lock(%8$s))
                   AND (limited IS NULL OR pg_try_advisory_xact_lock(%9$s)))
            SELECT n, CASE WHEN n > 0 THEN %10$s END,
                   (SELECT array_agg(row_id::text ORDER BY priority DESC, scheduled_for, storage_id) FROM others),
                   (SELECT count(*) FROM judged)
              FROM counted""";

    private static final String NEXT = """
            SELECT extract(epoch FROM CASE WHEN NOT throttled
                       THEN (SELECT min(scheduled_for) FROM scheduler.executions WHERE status = 'scheduled')
                       ELSE (WITH RECURSIVE %1$s
                             SELECT min(greatest(s.empty_until, first.scheduled_for)) FROM tenants t
                               LEFT JOIN scheduler_control.tenant_starts s USING (tenant_name)
                              CROSS JOIN LATERAL (
                                 SELECT min(one.scheduled_for) AS scheduled_for FROM generate_series(9, 0, -1) p CROSS JOIN LATERAL (
                                    SELECT e.scheduled_for FROM scheduler.executions e WHERE %2$s LIMIT 1) one) first) END
                   - statement_timestamp()), throttled
              FROM (SELECT EXISTS (SELECT FROM scheduler_control.tenant_starts WHERE empty_until > statement_timestamp()) AS throttled) q
             WHERE true%%s""".formatted(TENANTS, OF_ONE_PRIORITY.formatted("'infinity'"));

    private final AgroalDataSource dataSource;
    private final MaintenanceGate gate;

    PgDueExecutions(@DataSource("scheduler") AgroalDataSource dataSource, MaintenanceGate gate) {
        this.dataSource = dataSource;
        this.gate = gate;
    }

    @Override
    public Claimed claim(int limit, boolean fairly, Duration startLease) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        claim(fairly ? DUE_FAIRLY : DUE_LONGEST, gate.isOpen(connection)))) {
            int bind = 1;
            statement.setInt(bind++, limit);
            if (fairly) {
                statement.setInt(bind++, limit);
            }
            statement.setLong(bind, startLease.toMillis());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Claimed(row.getInt(1), texts(row.getArray(3)), row.getInt(4));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot claim due executions", e);
        }
    }

    private static String claim(String due, String gate) {
        return CLAIM.formatted(
                due.formatted(gate),
                ExecutionSql.SYSTEM_WORKFLOW_BLOCKS,
                ExecutionSql.LIMITED_TENANT.formatted("p"),
                ExecutionSql.HAND_OUT,
                ExecutionSql.OUTBOX_COLUMNS,
                ExecutionSql.START_COMMAND,
                ExecutionSql.DEPLOYMENT_LOCK,
                ExecutionSql.KEY_LOCK,
                ExecutionSql.TENANT_LOCK,
                ExecutionSql.WAKE_RELAY);
    }

    private static List<String> texts(Array array) throws SQLException {
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }

    @Override
    public Next next() {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(NEXT.formatted(gate.isOpen(connection)));
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return new Next(Optional.empty(), false);
            }
            double seconds = row.getDouble(1);
            Optional<Duration> in =
                    row.wasNull() ? Optional.empty() : Optional.of(Duration.ofNanos((long) (seconds * 1e9)));
            return new Next(in, row.getBoolean(2));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot see what is due", e);
        }
    }
}
