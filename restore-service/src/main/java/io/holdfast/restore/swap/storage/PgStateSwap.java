package io.holdfast.restore.swap.storage;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.Event;
import io.holdfast.contracts.events.ExecutionEvent;
import io.holdfast.contracts.events.RestoreEvent;
import io.holdfast.contracts.events.SchedulerCommand;
import io.holdfast.restore.loading.storage.OwnerDatabase;
import io.holdfast.restore.rule.Decision;
import io.holdfast.restore.rule.Fate;
import io.holdfast.restore.rule.RestoreRule;
import io.holdfast.restore.rule.RuleOutcome;
import io.holdfast.restore.rule.RuleTerms;
import io.holdfast.restore.rule.storage.RuleSql;
import io.holdfast.restore.swap.StateSwap;
import io.holdfast.restore.swap.SwapOrder;
import io.holdfast.restore.swap.SwapResult;
import io.holdfast.state.RowCounts;
import io.holdfast.state.StateSchemas;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Swaps by renaming schemas. Statements that were prepared on the former tables use the new ones afterwards (PostgreSQL drops cached
 * plans on a rename), so no pool has to be reset. Everything slow happens before the live tables are locked.
 */
public final class PgStateSwap implements StateSwap {

    private static final StateSchemas LIVE = StateSchemas.LIVE;
    private static final StateSchemas STAGED = StateSchemas.STAGING;
    private static final StateSchemas BEFORE = StateSchemas.BEFORE;

    /** Under which name the restored state goes for the length of an undo's transaction. */
    private static final StateSchemas UNDONE = StateSchemas.withSuffix("_undone");

    /** For a lock that only vacuums and changes of tables compete for. */
    private static final Duration LOCK_TIMEOUT = Duration.ofMillis(1500);

    private static final long RETRY_PAUSE_MILLIS = 200;
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String DEADLOCK = "40P01";
    private static final int EVENT_BATCH = 500;
    private static final String DEFAULT_TENANT = "default_tenant";

    private final OwnerDatabase database;
    private final EventSink events;
    private final Duration overdueGrace;

    /**
     * @param database as the login role, which owns all schemas
     * @param overdueGrace what was scheduled for T0 less this, or before, is overdue
     */
    public PgStateSwap(OwnerDatabase database, EventSink events, Duration overdueGrace) {
        this.database = database;
        this.events = events;
        this.overdueGrace = overdueGrace;
    }

    private interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    @Override
    public SwapResult swap(SwapOrder order) {
        return patiently(order.restoreId(), order.patience(), connection -> {
            SwapResult result = prepare(connection, order);
            tellEach(connection, order, result);
            if (result.outcome().missedSchedules() > 0) {
                events.append(
                        connection,
                        List.of(new SchedulerCommand.RestoreSchedules(order.restoreId(), result.epoch(), result.t0())));
            }
            events.append(
                    connection,
                    List.of(new RestoreEvent.Completed(
                            order.restoreId(),
                            order.snapshotId(),
                            order.tenantName(),
                            result.epoch(),
                            result.t0(),
                            result.count(Fate.RESCHEDULED),
                            result.count(Fate.OVERDUE) + result.count(Fate.INVALID_SCHEDULE),
                            result.count(Fate.CANCELLED))));
            complete(connection, order, result);
            drop(connection, BEFORE);
            lock(connection, LIVE);
            keepTheAdministrator(connection);
            if (!order.ownProduct()) {
                addRoles(connection);
            }
            rename(connection, LIVE, BEFORE);
            rename(connection, STAGED, LIVE);
            return result;
        });
    }

    @Override
    public SwapResult rehearse(SwapOrder order, Consumer<Decision> reader) {
        try (Connection connection = database.named(order.restoreId()).open()) {
            connection.setAutoCommit(false);
            try {
                SwapResult result = prepare(connection, order);
                RuleSql.forEach(connection, order.restoreId(), reader);
                return result;
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot apply the restore rule to the staged state", e);
        }
    }

    /** All that concerns the staged state and the records only. */
    private SwapResult prepare(Connection connection, SwapOrder order) throws SQLException {
        Instant t0 = t0(connection, order);
        long epoch = nextEpoch(connection, STAGED);
        RuleOutcome outcome = RuleSql.apply(
                connection,
                STAGED,
                LIVE,
                new RuleTerms(order.restoreId(), order.createExecutionId(), t0, overdueGrace, epoch));
        ensureDefaultTenant(connection, t0);
        insertOwnExecution(connection, order, t0, epoch);
        return new SwapResult(t0, overdueGrace, epoch, outcome);
    }

    private static Instant t0(Connection connection, SwapOrder order) throws SQLException {
        Instant now;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT transaction_timestamp()")) {
            row.next();
            now = row.getObject(1, OffsetDateTime.class).toInstant();
        }
        Instant created = order.snapshotCreatedAt();
        if (created == null || !now.isBefore(created)) {
            return now;
        }
        if (!order.acceptClockSkew()) {
            throw new ManagerException(
                    ErrorCode.CLOCK_BEHIND_SNAPSHOT,
                    "the database's clock shows " + now + ", earlier than the snapshot, which was made at " + created
                            + "; what is overdue cannot be told",
                    "set the clock, or restore with accept_clock_skew to take the snapshot's instant for now");
        }
        return created;
    }

    private static long nextEpoch(Connection connection, StateSchemas schemas) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "UPDATE restore_control.epoch SET value = 1 + greatest(value, coalesce((SELECT max(restore_epoch) FROM "
                                + schemas.scheduler() + ".executions), 0)) RETURNING value")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void ensureDefaultTenant(Connection connection, Instant t0) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + STAGED.access()
                + ".tenants (name, created_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")) {
            insert.setString(1, DEFAULT_TENANT);
            insert.setObject(2, at(t0));
            insert.executeUpdate();
        }
    }

    private static void insertOwnExecution(Connection connection, SwapOrder order, Instant t0, long epoch)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + STAGED.scheduler()
                + ".executions (tenant_name, id, workflow_id, status, parameters, is_system_workflow, created_at, started_at,"
                + " ended_at, created_by, restore_epoch) SELECT coalesce((SELECT name FROM " + STAGED.access()
                + ".tenants WHERE name = ?), ?), ?, 'restore_snapshot', 'terminated', ?::jsonb, true, ?, ?, ?, ?, ?"
                + " ON CONFLICT (tenant_name, id) DO UPDATE SET status = 'terminated', error = NULL, reason_code = NULL,"
                + " ended_at = EXCLUDED.ended_at")) {
            insert.setString(1, order.tenantName());
            insert.setString(2, DEFAULT_TENANT);
            insert.setString(3, order.restoreId());
            insert.setString(4, order.parametersJson());
            insert.setObject(5, at(order.requestedAt()));
            insert.setObject(6, at(order.requestedAt()));
            insert.setObject(7, at(t0));
            insert.setString(8, order.requestedBy());
            insert.setLong(9, epoch);
            insert.executeUpdate();
        }
    }

    private void tellEach(Connection connection, SwapOrder order, SwapResult result) throws SQLException {
        List<Event> batch = new ArrayList<>();
        try {
            RuleSql.forEach(connection, order.restoreId(), decision -> {
                add(batch, decision, result);
                if (batch.size() >= EVENT_BATCH) {
                    flush(connection, batch);
                }
            });
            flush(connection, batch);
        } catch (NotAppended e) {
            throw e.sql();
        }
    }

    private static void add(List<Event> batch, Decision decision, SwapResult result) {
        String id = decision.executionId();
        String tenant = decision.tenantName();
        String workflow = decision.workflowId();
        Instant scheduledFor = decision.scheduledFor();
        switch (decision.fate()) {
            case RESCHEDULED -> {
                Instant due = scheduledFor == null ? result.t0() : scheduledFor;
                batch.add(new SchedulerCommand.ScheduleExecution(id, tenant, due, result.epoch()));
                batch.add(new ExecutionEvent.Rescheduled(id, tenant, workflow, due, result.epoch()));
            }
            case OVERDUE, INVALID_SCHEDULE, CANCELLED -> {
                if (!decision.knownBefore()) {
                    batch.add(ended(decision, result.t0()));
                }
            }
            default -> {
                // Nothing changed that anybody would have to hear of.
            }
        }
    }

    private static Event ended(Decision decision, Instant t0) {
        String text = decision.text() == null ? "" : decision.text();
        String id = decision.executionId();
        String tenant = decision.tenantName();
        String workflow = decision.workflowId();
        return switch (decision.fate()) {
            case OVERDUE -> new ExecutionEvent.Failed(id, tenant, workflow, RestoreRule.OVERDUE_REASON, text, t0);
            case INVALID_SCHEDULE ->
                new ExecutionEvent.Failed(id, tenant, workflow, RestoreRule.INVALID_REASON, text, t0);
            case CANCELLED -> new ExecutionEvent.Cancelled(id, tenant, workflow, text, t0);
            default -> throw new IllegalArgumentException(decision + " ended nothing");
        };
    }

    private void flush(Connection connection, List<Event> batch) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            events.append(connection, List.copyOf(batch));
        } catch (SQLException e) {
            throw new NotAppended(e);
        }
        batch.clear();
    }

    /** Carries an SQLException through a callback that may not throw one. */
    private static final class NotAppended extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotAppended(SQLException cause) {
            super(cause);
        }

        SQLException sql() {
            return (SQLException) getCause();
        }
    }

    private static void complete(Connection connection, SwapOrder order, SwapResult result) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE restore_control.restores SET undo_state = 'discarded' WHERE undo_state = 'available' AND id <> ?")) {
            update.setString(1, order.restoreId());
            update.executeUpdate();
        }
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE restore_control.restores SET status = 'completed', t0 = ?, epoch = ?, overdue_grace_ms = ?,"
                        + " snapshot_created_at = ?, source_installation = ?, missed_schedules = ?,"
                        + " ended_at = clock_timestamp(), lines_logged = false, undo_state = 'available', hash_salt_enc = NULL"
                        + " WHERE id = ? AND claim_token = ? AND status = 'swapping'")) {
            update.setObject(1, at(result.t0()));
            update.setLong(2, result.epoch());
            update.setLong(3, result.overdueGrace().toMillis());
            Instant created = order.snapshotCreatedAt();
            update.setObject(4, created == null ? null : at(created));
            update.setString(5, order.sourceInstallation());
            update.setLong(6, result.outcome().missedSchedules());
            update.setString(7, order.restoreId());
            update.setString(8, order.claimToken());
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException(
                        "restore " + order.restoreId() + " is no longer this instance's to finish");
            }
        }
    }

    /** The target's bootstrap administrator keeps name and password, so that a restore never locks its operator out. */
    private static void keepTheAdministrator(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String live = LIVE.access() + ".users";
            String staged = STAGED.access() + ".users";
            statement.executeUpdate(
                    "UPDATE " + staged + " SET is_bootstrap_admin = false WHERE is_bootstrap_admin AND EXISTS"
                            + " (SELECT FROM " + live + " l WHERE l.is_bootstrap_admin)");
            statement.executeUpdate(
                    "UPDATE " + staged + " s SET is_bootstrap_admin = true, password_hash = l.password_hash,"
                            + " password_salt = l.password_salt, role = l.role, active = true, failed_logins = 0,"
                            + " last_failed_login_at = NULL FROM " + live
                            + " l WHERE l.is_bootstrap_admin AND lower(s.username) = lower(l.username)");
            statement.executeUpdate("INSERT INTO " + staged
                    + " (username, password_hash, password_salt, role, active, is_bootstrap_admin, show_getting_started, created_at)"
                    + " SELECT l.username, l.password_hash, l.password_salt, l.role, true, true, l.show_getting_started, l.created_at"
                    + " FROM " + live + " l WHERE l.is_bootstrap_admin AND NOT EXISTS (SELECT FROM " + staged
                    + " s WHERE lower(s.username) = lower(l.username))");
        }
    }

    /** Other products' archives carry their permissions at most; what ours need is added from the live state. */
    private static void addRoles(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO " + STAGED.access()
                    + ".roles (name, type, description) SELECT name, type, description FROM " + LIVE.access()
                    + ".roles ORDER BY storage_id ON CONFLICT DO NOTHING");
            statement.executeUpdate(
                    "INSERT INTO " + STAGED.access() + ".permissions (role, permission) SELECT role, permission FROM "
                            + LIVE.access() + ".permissions ORDER BY storage_id ON CONFLICT DO NOTHING");
        }
    }

    @Override
    public boolean hasFormerState() {
        try (Connection connection = database.open()) {
            return exists(connection, BEFORE);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot look for the former state", e);
        }
    }

    @Override
    public long undo(String restoreId, String undoneBy, Duration patience) {
        return patiently(restoreId, patience, connection -> {
            if (!exists(connection, BEFORE)) {
                throw new ManagerException(
                        ErrorCode.ILLEGAL_ACTION,
                        "there is no former state to go back to",
                        "it is kept until the next restore or snapshot, or until it is discarded");
            }
            long epoch = nextEpoch(connection, LIVE);
            try (PreparedStatement fence = connection.prepareStatement("UPDATE " + BEFORE.scheduler()
                    + ".executions SET restore_epoch = ?, dispatch_token = NULL, lease_until = NULL, version = version + 1"
                    + " WHERE status NOT IN ('terminated', 'failed', 'cancelled')"
                    + " OR status = 'cancelled' AND dispatch_token IS NOT NULL")) {
                fence.setLong(1, epoch);
                fence.executeUpdate();
            }
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE restore_control.restores SET undo_state = 'undone' WHERE id = ? AND undo_state = 'available'")) {
                update.setString(1, restoreId);
                if (update.executeUpdate() != 1) {
                    throw new ManagerException(
                            ErrorCode.ILLEGAL_ACTION,
                            "restore `" + restoreId + "` cannot be undone: its former state is no longer kept",
                            null);
                }
            }
            Instant now;
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT transaction_timestamp()")) {
                row.next();
                now = row.getObject(1, OffsetDateTime.class).toInstant();
            }
            events.append(connection, List.of(new RestoreEvent.Undone(restoreId, undoneBy, epoch, now)));
            lock(connection, LIVE);
            rename(connection, LIVE, UNDONE);
            rename(connection, BEFORE, LIVE);
            endShownRestores(connection, now);
            drop(connection, UNDONE);
            return epoch;
        });
    }

    /** A former state shows the restore that replaced it as it was then: under way. */
    private static void endShownRestores(Connection connection, Instant now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + LIVE.scheduler()
                + ".executions SET status = 'terminated', ended_at = ?, changed_by = '" + RuleSql.CHANGED_BY
                + "', version = version + 1 WHERE is_system_workflow AND workflow_id = 'restore_snapshot'"
                + " AND status NOT IN ('terminated', 'failed', 'cancelled')")) {
            update.setObject(1, at(now));
            update.executeUpdate();
        }
    }

    @Override
    public void discardFormerState() {
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate(
                        "UPDATE restore_control.restores SET undo_state = 'discarded' WHERE undo_state = 'available'");
                drop(connection, BEFORE);
                connection.commit();
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot drop the former state", e);
        }
    }

    /** One transaction, begun again (with a new T0) whenever the live tables cannot be had at once. */
    private <T> T patiently(String restoreId, Duration patience, Work<T> work) {
        long givingUp = System.nanoTime() + patience.toNanos();
        while (true) {
            try (Connection connection = database.named(restoreId).open()) {
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    lockTimeout(statement, LOCK_TIMEOUT);
                    T result = work.in(connection);
                    connection.commit();
                    return result;
                } catch (SQLException e) {
                    if (!isContention(e)) {
                        throw e;
                    }
                    connection.rollback();
                    if (System.nanoTime() >= givingUp) {
                        throw new ManagerException(
                                ErrorCode.SERVICE_UNAVAILABLE,
                                "the live tables were in use for " + patience.toSeconds() + " s, by "
                                        + users(connection),
                                "try again when that is done, or with a longer timeout",
                                e);
                    }
                } finally {
                    connection.rollback();
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_PAUSE_MILLIS);
            } catch (SQLException e) {
                throw new IllegalStateException("the swap failed; nothing was changed", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for the live tables", e);
            }
        }
    }

    private static boolean isContention(SQLException e) {
        return LOCK_NOT_AVAILABLE.equals(e.getSQLState()) || DEADLOCK.equals(e.getSQLState());
    }

    private static String users(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT coalesce(string_agg(DISTINCT coalesce(nullif(a.application_name, ''), 'a client') || ' (pid ' || a.pid || ')', ', '), 'nobody any more')"
                        + " FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " JOIN pg_stat_activity a ON a.pid = l.pid"
                        + " WHERE n.nspname = ANY (?) AND l.granted AND l.pid <> pg_backend_pid()")) {
            query.setArray(1, connection.createArrayOf("text", LIVE.all().toArray()));
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private static boolean exists(Connection connection, StateSchemas schemas) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT count(*) FROM pg_namespace WHERE nspname = ANY (?)")) {
            query.setArray(1, connection.createArrayOf("text", schemas.all().toArray()));
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1) == schemas.all().size();
            }
        }
    }

    /**
     * Locks all tables against everybody. First against vacuums: an autovacuum that is in the way is cancelled after PostgreSQL's
     * {@code deadlock_timeout}, while readers and writers go on. Then against these, in half of that time for all tables together:
     * who waits for us meanwhile waits no longer, and in a deadlock it is we who give way, and never a writer whose transaction
     * PostgreSQL would end.
     */
    private static void lock(Connection connection, StateSchemas schemas) throws SQLException {
        List<String> tables = tables(connection, schemas);
        try (Statement statement = connection.createStatement()) {
            Duration deadlockTimeout = deadlockTimeout(statement);
            lockTimeout(statement, deadlockTimeout.plus(LOCK_TIMEOUT));
            statement.execute("LOCK TABLE " + String.join(", ", tables) + " IN SHARE UPDATE EXCLUSIVE MODE");
            long until = System.nanoTime() + deadlockTimeout.dividedBy(2).toNanos();
            for (String table : tables) {
                lockTimeout(statement, Duration.ofNanos(until - System.nanoTime()));
                statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
            }
            lockTimeout(statement, LOCK_TIMEOUT);
        }
    }

    /** Those that triggers write into come last, as they do in the statements of others: so we seldom have to give way. */
    private static List<String> tables(Connection connection, StateSchemas schemas) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
                        + " WHERE schemaname = ANY (?) ORDER BY tablename = ANY (?), 1")) {
            query.setArray(1, connection.createArrayOf("text", schemas.all().toArray()));
            query.setArray(2, connection.createArrayOf("text", RowCounts.TABLES.toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    tables.add(row.getString(1));
                }
            }
        }
        return tables;
    }

    private static Duration deadlockTimeout(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("SELECT setting::bigint FROM pg_settings WHERE name = 'deadlock_timeout'")) {
            row.next();
            return Duration.ofMillis(row.getLong(1));
        }
    }

    /** @param timeout at least a millisecond is set, since PostgreSQL takes zero as for ever */
    private static void lockTimeout(Statement statement, Duration timeout) throws SQLException {
        statement.execute("SET LOCAL lock_timeout = " + Math.max(1, timeout.toMillis()));
    }

    private static void rename(Connection connection, StateSchemas from, StateSchemas to) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (int i = 0; i < from.all().size(); i++) {
                statement.execute("ALTER SCHEMA " + from.all().get(i) + " RENAME TO "
                        + to.all().get(i));
            }
        }
    }

    private static void drop(Connection connection, StateSchemas schemas) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String schema : schemas.all()) {
                statement.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
            }
        }
    }

    private static OffsetDateTime at(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
