package io.holdfast.scheduler.executions.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.messaging.WakeAfterCommit;
import io.holdfast.scheduler.ExecutionSql;
import io.holdfast.scheduler.MaintenanceGate;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.Turns;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns as SQL over sets of rows. Locks are taken in one statement and decisions made in the next: only a statement that begins after
 * it has the locks sees what others have committed under them.
 */
@ApplicationScoped
class PgTurns implements Turns {

    private static final String ACTIVE = ExecutionSql.ACTIVE;

    private static final int AT_ONE_END = 50;

    /**
     * Binds: row ids, lease in milliseconds. The gate's condition and who is asked besides the deployment are formatted in. The rows
     * are locked, so their places are theirs until the transaction ends, and need not be looked up. {@code (SELECT 1 ... LIMIT 1) IS NOT NULL} and not {@code EXISTS}: that
     * one PostgreSQL may answer by reading everything active into a hash table first. Names are told apart, not ordered, so they are
     * sorted as bytes. The places of those handed out are an array: for each row of a join PostgreSQL would ask the system how long the
     * table is.
     */
    private static final String DECIDE = """
            WITH wanted AS MATERIALIZED (
                SELECT w.n, w.row_id, e.storage_id, e.tenant_name, e.deployment_id, e.concurrency_key, e.parallel, e.status,
                       e.%1$s AS exclusive
                  FROM unnest(?::tid[]) WITH ORDINALITY w(row_id, n) JOIN scheduler.executions e ON e.ctid = w.row_id
                 WHERE e.status IN ('scheduled', 'queued')%2$s),
            systems AS MATERIALIZED (
                SELECT EXISTS (SELECT FROM scheduler.executions WHERE %1$s AND %3$s) AS active,
                       %4$s AS blocking,
                       (SELECT 1 FROM scheduler.executions WHERE status = 'queued' LIMIT 1) IS NOT NULL AS queued),
            by_deployment AS (
                SELECT w.*, CASE
                    WHEN s.active OR (NOT w.exclusive AND s.blocking)
                      OR (w.exclusive AND w.n > (SELECT min(n) FROM wanted WHERE exclusive)) THEN 'SYSTEM_WORKFLOW'
                    WHEN w.deployment_id IS NOT NULL AND NOT w.parallel AND (
                         row_number() OVER (PARTITION BY w.tenant_name COLLATE "C", w.deployment_id COLLATE "C" ORDER BY w.n) > 1
                      OR (SELECT 1 FROM scheduler.executions b WHERE b.tenant_name = w.tenant_name
                             AND b.deployment_id = w.deployment_id AND b.%3$s LIMIT 1) IS NOT NULL
                      OR (w.status = 'scheduled' AND s.queued AND (SELECT 1 FROM scheduler.executions b WHERE b.status = 'queued'
                             AND b.tenant_name = w.tenant_name AND b.deployment_id = w.deployment_id LIMIT 1) IS NOT NULL))
                         THEN 'DEPLOYMENT_BUSY' END AS reason
                  FROM wanted w CROSS JOIN systems s),
            %9$s
            handed_out AS (
                UPDATE scheduler.executions e SET status = 'pending', %5$s
                 WHERE e.ctid = ANY(ARRAY(SELECT row_id FROM judged WHERE reason IS NULL)) RETURNING e.storage_id),
            queued AS (
                UPDATE scheduler.executions e SET status = 'queued', reason_code = j.reason, version = e.version + 1
                  FROM judged j WHERE e.ctid = j.row_id AND e.status = 'scheduled' AND j.reason <> 'RATE_LIMIT'
                RETURNING e.id, e.version, e.tenant_name, e.workflow_id, e.deployment_id, j.n, j.reason),
            still_queued AS (
                UPDATE scheduler.executions e SET reason_code = j.reason
                  FROM judged j WHERE e.ctid = j.row_id AND e.status = 'queued' AND j.reason IS DISTINCT FROM e.reason_code
                   AND j.reason IS NOT NULL),
            started AS (%7$s),
            told AS (
                INSERT INTO scheduler_control.outbox %6$s
                SELECT gen_random_uuid(), 'execution.queued.v1', id, version, tenant_name, 'holdfast.events',
                       'execution.queued.v1.' || tenant_name, jsonb_build_object('executionId', id,
                       'tenantName', tenant_name, 'workflowId', workflow_id, 'deploymentId', deployment_id,
                       'reasonCode', reason, 'queuedAt', to_char(statement_timestamp() AT TIME ZONE 'UTC',
                       'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')), false FROM queued
                 ORDER BY n RETURNING 1),
            counted AS (
                SELECT (SELECT coalesce(sum(starts), 0) FROM started) AS starts, (SELECT count(*) FROM told) AS facts)
            SELECT starts, CASE WHEN starts + facts > 0 THEN %8$s END FROM counted""";

    /** What keys and limited tenants have to say to {@code by_deployment}. */
    private static final String BY_KEY_AND_TENANT = """
            keys AS MATERIALIZED (
                SELECT k.tenant_name, k.concurrency_key, coalesce(c.max_running, 1) - (
                       SELECT count(*) FROM scheduler.executions a WHERE a.tenant_name = k.tenant_name
                          AND a.concurrency_key = k.concurrency_key AND a.%1$s) AS free
                  FROM (SELECT DISTINCT tenant_name, concurrency_key FROM wanted WHERE concurrency_key IS NOT NULL) k
                  LEFT JOIN scheduler.concurrency_limits c ON c.tenant_name = k.tenant_name AND c.key = k.concurrency_key),
            by_key AS (
                SELECT d.n, d.row_id, d.tenant_name, coalesce(d.reason, CASE WHEN k.free IS NOT NULL
                       AND row_number() OVER (PARTITION BY d.tenant_name, d.concurrency_key, d.reason IS NULL ORDER BY d.n) > k.free
                       THEN 'CONCURRENCY_LIMIT' END) AS reason
                  FROM by_deployment d
                  LEFT JOIN keys k ON k.tenant_name = d.tenant_name AND k.concurrency_key = d.concurrency_key),
            tenants AS MATERIALIZED (
                SELECT l.tenant_name, l.starts_per_minute AS rate, l.max_running - (
                       SELECT count(*) FROM scheduler.executions a WHERE a.tenant_name = l.tenant_name AND a.%1$s) AS free,
                       least(coalesce(l.burst, l.starts_per_minute), coalesce(s.tokens + l.starts_per_minute / 60.0
                             * extract(epoch FROM statement_timestamp() - s.counted_at), l.burst, l.starts_per_minute)) AS tokens
                  FROM scheduler.tenant_limits l LEFT JOIN scheduler_control.tenant_starts s USING (tenant_name)
                 WHERE l.tenant_name IN (SELECT tenant_name FROM wanted)
                   AND (l.max_running IS NOT NULL OR l.starts_per_minute IS NOT NULL)),
            by_tenant AS (
                SELECT k.n, k.row_id, k.tenant_name, t.tokens, coalesce(k.reason, CASE WHEN t.free IS NOT NULL
                       AND row_number() OVER (PARTITION BY k.tenant_name, k.reason IS NULL ORDER BY k.n) > t.free
                       THEN 'TENANT_LIMIT' END) AS reason
                  FROM by_key k LEFT JOIN tenants t USING (tenant_name)),
            judged AS MATERIALIZED (
                SELECT n, row_id, tenant_name, coalesce(reason, CASE WHEN tokens IS NOT NULL
                       AND row_number() OVER (PARTITION BY tenant_name, reason IS NULL ORDER BY n) > floor(tokens)
                       THEN 'RATE_LIMIT' END) AS reason
                  FROM by_tenant),
            spent AS (
                INSERT INTO scheduler_control.tenant_starts AS s (tenant_name, tokens, counted_at, empty_until)
                SELECT t.tenant_name, t.rest, statement_timestamp(), CASE WHEN t.rest < 1
                       THEN statement_timestamp() + (1 - t.rest) * 60.0 / t.rate * interval '1 second' ELSE statement_timestamp() END
                  FROM (SELECT tenant_name, rate, tokens - (SELECT count(*) FROM judged j WHERE j.tenant_name = tenants.tenant_name
                               AND j.reason IS NULL) AS rest FROM tenants WHERE rate IS NOT NULL) t
                ON CONFLICT (tenant_name) DO UPDATE SET tokens = excluded.tokens, counted_at = excluded.counted_at,
                       empty_until = excluded.empty_until),
            """.formatted(ACTIVE);

    /** Where none of them is concerned: a fifth of the work less. */
    private static final String BY_DEPLOYMENT_ALONE =
            "judged AS MATERIALIZED (SELECT n, row_id, tenant_name, reason FROM by_deployment),";

    /** Of a queued row {@code e}: as far as can be seen without its locks, its deployment is not in its way. */
    private static final String DEPLOYMENT_SEEMS_FREE = """
            (e.deployment_id IS NULL OR e.parallel OR (SELECT 1 FROM scheduler.executions b WHERE b.tenant_name = e.tenant_name
                AND b.deployment_id = e.deployment_id AND b.%1$s LIMIT 1) IS NULL)""".formatted(ACTIVE);

    /**
     * The keys without room that something waits for, found once for all that wait: from key to key, whatever the number of executions
     * with the same one.
     */
    static final String FULL_KEYS = """
            queued_keys (tenant_name, concurrency_key) AS (
                (SELECT e.tenant_name, e.concurrency_key FROM scheduler.executions e
                  WHERE e.status = 'queued' AND e.concurrency_key IS NOT NULL ORDER BY e.tenant_name, e.concurrency_key LIMIT 1)
                 UNION ALL
                SELECT n.tenant_name, n.concurrency_key FROM queued_keys k CROSS JOIN LATERAL (
                       SELECT e.tenant_name, e.concurrency_key FROM scheduler.executions e
                        WHERE e.status = 'queued' AND e.concurrency_key IS NOT NULL
                          AND (e.tenant_name, e.concurrency_key) > (k.tenant_name, k.concurrency_key)
                        ORDER BY e.tenant_name, e.concurrency_key LIMIT 1) n),
            full_keys AS MATERIALIZED (
                SELECT k.tenant_name, k.concurrency_key FROM queued_keys k WHERE NOT %s),
            """.formatted(hasRoom("k.tenant_name", "k.concurrency_key"));

    /** Of a queued row {@code e}, behind {@link #FULL_KEYS}. */
    private static final String WAY_SEEMS_FREE = DEPLOYMENT_SEEMS_FREE
            + " AND (e.concurrency_key IS NULL OR (e.tenant_name, e.concurrency_key) NOT IN (SELECT * FROM full_keys))";

    private static final String IN_TURN = " ORDER BY e.priority DESC, e.created_at, e.storage_id LIMIT ";

    /** Queued rows, locked, of those whose locks were to be had at once. What goes before, the condition and the gate are formatted in. */
    private static final String PICK = """
            WITH RECURSIVE %5$spicked AS MATERIALIZED (
                SELECT e.ctid AS row_id, e.storage_id, e.tenant_name, e.deployment_id, e.concurrency_key, e.priority, e.created_at
                  FROM scheduler.executions e WHERE e.status = 'queued' AND %1$s%2$s%6$s? FOR UPDATE OF e SKIP LOCKED)
            SELECT p.row_id::text FROM picked p LEFT JOIN %3$s
             WHERE %4$s ORDER BY p.priority DESC, p.created_at, p.storage_id""";

    /** Binds: tenant, deployment, concurrency key of what has ended. */
    static final String PLACE =
            "place AS MATERIALIZED (SELECT ?::text AS tenant_name, ?::text AS deployment_id, ?::text AS concurrency_key), ";

    /**
     * What may have waited for an execution to end, by the index of each reason: for its deployment, for its key, for a place of its
     * tenant. Behind {@link #PLACE} and {@link #FULL_KEYS}.
     */
    static final String WAITED = "e.storage_id = ANY (ARRAY("
            + waited("e.deployment_id = (SELECT deployment_id FROM place) AND " + DEPLOYMENT_SEEMS_FREE
                    + " AND (e.concurrency_key IS NULL OR "
                    + hasRoom("e.tenant_name", "e.concurrency_key") + ")")
            + " UNION ALL "
            + waited("e.concurrency_key = (SELECT concurrency_key FROM place) AND "
                    + hasRoom("(SELECT tenant_name FROM place)", "(SELECT concurrency_key FROM place)")
                    + " AND " + DEPLOYMENT_SEEMS_FREE)
            + " UNION ALL "
            + waited(
                    "EXISTS (SELECT FROM scheduler.tenant_limits t WHERE t.tenant_name = (SELECT tenant_name FROM place)"
                            + " AND t.max_running IS NOT NULL) AND " + WAY_SEEMS_FREE)
            + "))";

    static final String LOCKS = """
            (deployment_id IS NULL OR pg_try_advisory_xact_lock(%s))
            AND (concurrency_key IS NULL OR pg_try_advisory_xact_lock(%s))
            AND (l.tenant_name IS NULL OR pg_try_advisory_xact_lock(%s))""".formatted(
                    ExecutionSql.DEPLOYMENT_LOCK.replace("tenant_name", "p.tenant_name"),
                    ExecutionSql.KEY_LOCK.replace("tenant_name", "p.tenant_name"),
                    ExecutionSql.TENANT_LOCK.replace("tenant_name", "p.tenant_name"));

    /** Sorted, so that two that wait for the same locks wait in one order. */
    private static final String LOCK_PLACE = """
            WITH place AS (SELECT ?::text AS tenant_name, ?::text AS deployment_id, ?::text AS concurrency_key),
            keys AS MATERIALIZED (
                SELECT k FROM (SELECT %1$s AS k FROM place UNION SELECT %2$s FROM place
                               UNION SELECT hashtextextended(l.tenant_name, 2) FROM place p JOIN %3$s) u
                 WHERE k IS NOT NULL ORDER BY k)
            SELECT pg_advisory_xact_lock(k) FROM keys""".formatted(
                    ExecutionSql.DEPLOYMENT_LOCK, ExecutionSql.KEY_LOCK, ExecutionSql.LIMITED_TENANT.formatted("p"));

    private final AgroalDataSource dataSource;
    private final MaintenanceGate gate;
    private final WakeAfterCommit wake;

    PgTurns(@DataSource("scheduler") AgroalDataSource dataSource, MaintenanceGate gate, WakeAfterCommit wake) {
        this.dataSource = dataSource;
        this.gate = gate;
        this.wake = wake;
    }

    @Override
    public int decide(List<String> rowIds, boolean limited, Duration startLease) {
        try (Connection connection = dataSource.getConnection()) {
            return decide(connection, rowIds, limited, startLease);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot decide whose turn it is", e);
        }
    }

    @Override
    public int releaseAfter(Execution ended, Duration startLease) {
        try (Connection connection = dataSource.getConnection()) {
            boolean sharesPlace = lockPlace(connection, ended);
            if (!sharesPlace) {
                return 0;
            }
            List<String> picked = pick(connection, PLACE + FULL_KEYS, WAITED, statement -> {
                statement.setString(1, ended.tenantName());
                statement.setString(2, ended.deploymentId());
                statement.setString(3, ended.turn().concurrencyKey());
                statement.setInt(4, AT_ONE_END);
            });
            return decide(connection, picked, true, startLease);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot release what waited for execution " + ended.id(), e);
        }
    }

    /** Only the first of each deployment: the others would wait for it. */
    @Override
    public int releaseAny(int limit, Duration startLease) {
        try (Connection connection = dataSource.getConnection()) {
            List<String> picked = pick(
                    connection,
                    FULL_KEYS,
                    "(e.parallel OR e.deployment_id IS NULL OR NOT EXISTS (SELECT FROM scheduler.executions f WHERE f.status = 'queued'"
                            + " AND f.tenant_name = e.tenant_name AND f.deployment_id = e.deployment_id"
                            + " AND (-f.priority, f.created_at, f.storage_id) < (-e.priority, e.created_at, e.storage_id))) AND NOT EXISTS"
                            + " (SELECT FROM scheduler_control.tenant_starts t WHERE t.tenant_name = e.tenant_name"
                            + " AND t.empty_until > statement_timestamp()) AND "
                            + WAY_SEEMS_FREE,
                    statement -> statement.setInt(1, limit));
            return decide(connection, picked, true, startLease);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot release queued executions", e);
        }
    }

    @Override
    public Backlog backlog() {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT (SELECT count(*) FROM scheduler.executions WHERE status = 'queued'),"
                                + " (SELECT greatest(0, extract(epoch FROM statement_timestamp() - min(scheduled_for)))"
                                + " FROM scheduler.executions WHERE status = 'scheduled')");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new Backlog(row.getLong(1), Duration.ofMillis((long) (row.getDouble(2) * 1_000)));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot see what waits", e);
        }
    }

    @Override
    public int releaseKey(String tenantName, String concurrencyKey, int limit, Duration startLease) {
        try (Connection connection = dataSource.getConnection()) {
            String waiting = "e.tenant_name = ? AND e.concurrency_key = ? AND " + hasRoom("?", "?") + " AND "
                    + DEPLOYMENT_SEEMS_FREE;
            List<String> picked = pick(connection, "", waiting, statement -> {
                for (int tenant = 1; tenant < 7; tenant += 2) {
                    statement.setString(tenant, tenantName);
                    statement.setString(tenant + 1, concurrencyKey);
                }
                statement.setInt(7, limit);
            });
            return decide(connection, picked, true, startLease);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot release what waits with the key " + concurrencyKey, e);
        }
    }

    @Override
    public int release(String tenantName, String id, Duration startLease) {
        try (Connection connection = dataSource.getConnection()) {
            List<String> picked = pick(connection, "", "e.tenant_name = ? AND e.id = ?", statement -> {
                statement.setString(1, tenantName);
                statement.setString(2, id);
                statement.setInt(3, 1);
            });
            return decide(connection, picked, true, startLease);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot release execution " + id, e);
        }
    }

    /** SQL for whether a key of a tenant has room: names both twice, in this order. */
    private static String hasRoom(String tenant, String key) {
        return """
            (SELECT count(*) FROM scheduler.executions b WHERE b.tenant_name = %1$s AND b.concurrency_key = %2$s AND b.%3$s)
                < coalesce((SELECT c.max_running FROM scheduler.concurrency_limits c WHERE c.tenant_name = %1$s AND c.key = %2$s), 1)""".formatted(tenant, key, ACTIVE);
    }

    private static String waited(String forIt) {
        return "(SELECT e.storage_id FROM scheduler.executions e WHERE e.status = 'queued'"
                + " AND e.tenant_name = (SELECT tenant_name FROM place) AND " + forIt + IN_TURN + AT_ONE_END + ")";
    }

    private boolean lockPlace(Connection connection, Execution ended) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK_PLACE)) {
            statement.setString(1, ended.tenantName());
            statement.setString(2, ended.deploymentId());
            statement.setString(3, ended.turn().concurrencyKey());
            try (ResultSet locks = statement.executeQuery()) {
                return locks.next();
            }
        }
    }

    private List<String> pick(Connection connection, String before, String condition, Binder binder)
            throws SQLException {
        String sql = PICK.formatted(
                condition,
                gate.isOpenToTheQueue(connection),
                ExecutionSql.LIMITED_TENANT.formatted("p"),
                LOCKS,
                before,
                IN_TURN);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binder.bind(statement);
            try (ResultSet rows = statement.executeQuery()) {
                List<String> picked = new ArrayList<>();
                while (rows.next()) {
                    picked.add(rows.getString(1));
                }
                return picked;
            }
        }
    }

    private int decide(Connection connection, List<String> rowIds, boolean limited, Duration startLease)
            throws SQLException {
        if (rowIds.isEmpty()) {
            return 0;
        }
        String sql = DECIDE.formatted(
                ExecutionSql.EXCLUSIVE_SYSTEM_WORKFLOW,
                gate.isOpenToTheQueue(connection),
                ACTIVE,
                ExecutionSql.SYSTEM_WORKFLOW_BLOCKS,
                ExecutionSql.HAND_OUT,
                ExecutionSql.OUTBOX_COLUMNS,
                ExecutionSql.START_BATCH.formatted("handed_out JOIN wanted USING (storage_id)", "n"),
                ExecutionSql.WAKE_RELAY,
                limited ? BY_KEY_AND_TENANT : BY_DEPLOYMENT_ALONE);
        Array ids = connection.createArrayOf("text", rowIds.toArray());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, ids);
            statement.setLong(2, startLease.toMillis());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                int started = row.getInt(1);
                if (started > 0) {
                    wake.relayOf(ExecutionSql.SERVICE);
                }
                return started;
            }
        } finally {
            ids.free();
        }
    }

    @FunctionalInterface
    private interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }
}
