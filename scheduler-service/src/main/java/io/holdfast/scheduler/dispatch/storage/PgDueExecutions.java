package io.holdfast.scheduler.dispatch.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.messaging.WakeAfterCommit;
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

    /** Tenants and priorities of what is scheduled: one probe of the index for each, however many rows it has. */
    private static final String LANES = """
            lanes AS (
                (SELECT priority, tenant_name FROM scheduler.executions WHERE status = 'scheduled'
                  ORDER BY priority DESC, tenant_name DESC LIMIT 1)
                UNION ALL
                SELECT next.priority, next.tenant_name FROM lanes l CROSS JOIN LATERAL (
                    SELECT e.priority, e.tenant_name FROM scheduler.executions e WHERE e.status = 'scheduled'
                       AND (e.priority, e.tenant_name) < (l.priority, l.tenant_name)
                     ORDER BY e.priority DESC, e.tenant_name DESC LIMIT 1) next)""";

    /**
     * A scan of just these: it begins at the lane's first row, and ends at the first that is later. Compared as rows it would go on to the
     * end of the priority, as PostgreSQL stops at a row's first column only. The array, and the order by all columns of the index, so that no
     * statistics talk PostgreSQL into another index, whose rows of other tenants and priorities it would have to walk through: an element of
     * an array is no constant by which that one's order would do.
     */
    private static final String OF_ONE_LANE = """
            e.status = 'scheduled' AND e.priority = ANY(ARRAY[l.priority]) AND e.tenant_name = l.tenant_name
                AND e.scheduled_for <= %s
                ORDER BY e.priority, e.tenant_name, e.scheduled_for, e.storage_id""";

    private static final String THROTTLED = "EXISTS (SELECT FROM scheduler_control.tenant_starts s"
            + " WHERE s.tenant_name = l.tenant_name AND s.empty_until > statement_timestamp())";

    private static final String COLUMNS = "e.ctid AS row_id, e.storage_id, e.tenant_name, e.deployment_id,"
            + " e.concurrency_key, e.parallel, e.priority, e.scheduled_for";

    /** The gate's condition and the limit are formatted in. A literal limit, so that PostgreSQL plans for few rows. */
    static final String DUE_LONGEST = "due AS MATERIALIZED (SELECT " + COLUMNS + " FROM scheduler.executions e"
            + " WHERE e.status = 'scheduled' AND e.scheduled_for <= statement_timestamp()%1$s"
            + " ORDER BY e.scheduled_for, e.storage_id LIMIT %2$d FOR UPDATE SKIP LOCKED)";

    /**
     * As the other. The inner limit is for the planner: rows are locked as they are asked for, so that no more are than the outer one
     * lets through.
     */
    static final String DUE_FAIRLY =
            LANES + """
            ,
            tenants AS MATERIALIZED (
                SELECT l.tenant_name, array_agg(l.priority ORDER BY l.priority DESC) AS priorities,
                       greatest(1, %%2$d / count(*) OVER ()) AS quota
                  FROM lanes l WHERE NOT %1$s
                   AND (SELECT e.scheduled_for FROM scheduler.executions e WHERE %2$s LIMIT 1) IS NOT NULL
                 GROUP BY l.tenant_name),
            due AS MATERIALIZED (
                SELECT d.* FROM tenants t CROSS JOIN LATERAL (
                    SELECT taken.* FROM (SELECT t.tenant_name, priority FROM unnest(t.priorities) AS priority) l CROSS JOIN LATERAL (
                        SELECT %3$s FROM scheduler.executions e WHERE %2$s LIMIT %%2$d FOR UPDATE SKIP LOCKED) taken
                     LIMIT t.quota) d
                 WHERE true%%1$s LIMIT %%2$d)""".formatted(THROTTLED, OF_ONE_LANE.formatted("statement_timestamp()"), COLUMNS);

    /** Binds: lease in milliseconds. */
    private static final String CLAIM = """
            WITH RECURSIVE %1$s,
            judged AS MATERIALIZED (
                SELECT p.*, l.tenant_name IS NULL AND p.concurrency_key IS NULL AND p.deployment_id IS NULL
                       AND NOT (SELECT %2$s) AS free, l.tenant_name AS limited
                  FROM due p LEFT JOIN %3$s),
            claimed AS (
                UPDATE scheduler.executions e SET status = 'pending', %4$s
                  FROM judged j WHERE j.free AND e.ctid = j.row_id RETURNING e.priority, e.scheduled_for, e.storage_id),
            told AS (%5$s),
            counted AS (SELECT coalesce(sum(starts), 0) AS n FROM told),
            others AS (
                SELECT row_id, storage_id, priority, scheduled_for, limited IS NOT NULL OR concurrency_key IS NOT NULL AS limited
                  FROM judged p WHERE NOT free
                   AND (deployment_id IS NULL OR pg_try_advisory_xact_lock(%6$s))
                   AND (concurrency_key IS NULL OR pg_try_advisory_xact_lock(%7$s))
                   AND (limited IS NULL OR pg_try_advisory_xact_lock(%8$s)))
            SELECT n, CASE WHEN n > 0 THEN %9$s END,
                   (SELECT array_agg(row_id::text ORDER BY priority DESC, scheduled_for, storage_id) FROM others),
                   (SELECT count(*) FROM judged), (SELECT extract(epoch FROM statement_timestamp() - min(scheduled_for)) FROM judged),
                   (SELECT coalesce(bool_or(limited), false) FROM others)
              FROM counted""";

    private static final String NEXT = """
            SELECT extract(epoch FROM CASE WHEN NOT throttled
                       THEN (SELECT min(scheduled_for) FROM scheduler.executions WHERE status = 'scheduled')
                       ELSE (WITH RECURSIVE %1$s
                             SELECT min(greatest(s.empty_until, (SELECT e.scheduled_for FROM scheduler.executions e WHERE %2$s LIMIT 1)))
                               FROM lanes l LEFT JOIN scheduler_control.tenant_starts s USING (tenant_name)) END
                   - statement_timestamp()), throttled
              FROM (SELECT EXISTS (SELECT FROM scheduler_control.tenant_starts WHERE empty_until > statement_timestamp()) AS throttled) q
             WHERE true%%s""".formatted(LANES, OF_ONE_LANE.formatted("'infinity'"));

    private final AgroalDataSource dataSource;
    private final MaintenanceGate gate;
    private final WakeAfterCommit wake;

    PgDueExecutions(@DataSource("scheduler") AgroalDataSource dataSource, MaintenanceGate gate, WakeAfterCommit wake) {
        this.dataSource = dataSource;
        this.gate = gate;
        this.wake = wake;
    }

    @Override
    public Claimed claim(int limit, boolean fairly, Duration startLease) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        claim(fairly ? DUE_FAIRLY : DUE_LONGEST, gate.isOpen(connection), limit))) {
            statement.setLong(1, startLease.toMillis());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                int handedOut = row.getInt(1);
                if (handedOut > 0) {
                    wake.relayOf(ExecutionSql.SERVICE);
                }
                return new Claimed(
                        handedOut, texts(row.getArray(3)), row.getBoolean(6), row.getInt(4), seconds(row, 5));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot claim due executions", e);
        }
    }

    private static String claim(String due, String gate, int limit) {
        return CLAIM.formatted(
                due.formatted(gate, limit),
                ExecutionSql.SYSTEM_WORKFLOW_BLOCKS,
                ExecutionSql.LIMITED_TENANT.formatted("p"),
                ExecutionSql.HAND_OUT,
                ExecutionSql.START_BATCH.formatted("claimed", "priority DESC, scheduled_for, storage_id"),
                ExecutionSql.DEPLOYMENT_LOCK,
                ExecutionSql.KEY_LOCK,
                ExecutionSql.TENANT_LOCK,
                ExecutionSql.WAKE_RELAY);
    }

    private static Optional<Duration> seconds(ResultSet row, int column) throws SQLException {
        double seconds = row.getDouble(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Duration.ofNanos((long) (seconds * 1e9)));
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
            return new Next(seconds(row, 1), row.getBoolean(2));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot see what is due", e);
        }
    }
}
