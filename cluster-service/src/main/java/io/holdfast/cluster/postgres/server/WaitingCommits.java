package io.holdfast.cluster.postgres.server;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Commits of nothing, one after the other, until one of them waits for standbys: the only way to see that commits wait.
 *
 * <p>Whether any commit waits is decided by PostgreSQL's checkpointer alone, when it reads the configuration. It may be at a checkpoint's
 * fsyncs for long, and until it has read {@code synchronous_standby_names} every session shows the new value and commits without waiting.
 * Source: {@code SyncRepUpdateSyncStandbysDefined} in PostgreSQL's syncrep.c, called by {@code UpdateSharedMemoryConfig} in checkpointer.c.
 *
 * <p>They are seen to wait only where nobody may confirm them: see {@link LocalPostgres#applySync}.
 */
final class WaitingCommits implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Duration END_LIMIT = Duration.ofSeconds(2);

    /** Written to the log and to no table. */
    static final String COMMIT = "SELECT pg_logical_emit_message(true, 'holdfast', '')";

    private final Connection connection;
    private final int pid;
    private final Thread worker;
    private volatile boolean ended;
    private volatile @Nullable SQLException failure;

    private WaitingCommits(Connection connection, int pid) {
        this.connection = connection;
        this.pid = pid;
        this.worker = new Thread(this::commit, "trial-commits");
        worker.setDaemon(true);
        worker.start();
    }

    /** @param limit for the connection, and for each commit that does not wait */
    static WaitingCommits begin(LocalConnections connections, String database, Duration limit) throws SQLException {
        Connection connection = connections.local(database, limit);
        try (Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return new WaitingCommits(connection, row.getInt(1));
        } catch (SQLException e) {
            Quietly.abort(connection);
            throw e;
        }
    }

    private void commit() {
        try (Statement sql = connection.createStatement()) {
            while (!ended) {
                sql.execute(COMMIT);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (SQLException e) {
            failure = e;
        }
    }

    /** @param sql of another connection */
    boolean isSeenToWait(Statement sql) throws SQLException {
        @Nullable SQLException found = failure;
        if (found != null) {
            throw found;
        }
        return LocalPostgres.flag(
                sql, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = " + pid + " AND wait_event = 'SyncRep')");
    }

    /** Ends the commit that waits: its session does not hear that its client has gone. @param sql of another connection */
    void end(Statement sql) throws SQLException {
        ended = true;
        sql.execute("SELECT pg_terminate_backend(" + pid + ")");
    }

    @Override
    public void close() {
        ended = true;
        Quietly.abort(connection);
        try {
            worker.join(END_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ManagerException(ErrorCode.SERVICE_UNAVAILABLE, "interrupted while trial commits ended", null, e);
        }
    }
}
