package io.holdfast.cluster.postgres.server;

import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the own server that stays open between steps: to open one costs an election more than what is then said over it. One step
 * at a time. A connection that broke in the meantime, as by a restart of the server, is replaced before the step begins; a step that fails
 * ends its connection.
 */
final class KeptConnection implements AutoCloseable {
    private final LocalConnections connections;
    private final String database;
    private final ReentrantLock busy = new ReentrantLock();
    private volatile @Nullable Connection open;

    /** What is done over the connection; leaves it as it was, outside of any transaction. */
    interface Step<T> {
        T on(Connection connection) throws SQLException;
    }

    KeptConnection(LocalConnections connections, String database) {
        this.connections = connections;
        this.database = database;
    }

    /** @param answerLimit how long each answer of the server is waited for, at least a millisecond */
    <T> T run(Duration answerLimit, Step<T> step) throws SQLException {
        busy.lock();
        try {
            Connection connection = usable(answerLimit);
            boolean done = false;
            try {
                T result = step.on(connection);
                done = true;
                return result;
            } finally {
                if (!done) {
                    close();
                }
            }
        } finally {
            busy.unlock();
        }
    }

    /**
     * Opens it where it is not open or broken, unless a step is using it.
     *
     * @param first done with one that was opened: what changes nothing, and is like what later steps do, so that the server and this process
     *     have read and compiled what those need
     */
    void warm(Duration answerLimit, Step<?> first) throws SQLException {
        if (busy.tryLock()) {
            try {
                Connection before = open;
                Connection connection = usable(answerLimit);
                if (connection != before) {
                    first.on(connection);
                }
            } catch (SQLException e) {
                close();
                throw e;
            } finally {
                busy.unlock();
            }
        }
    }

    private Connection usable(Duration answerLimit) throws SQLException {
        Connection known = open;
        if (known != null) {
            try {
                limit(known, answerLimit);
                ask(known);
                return known;
            } catch (SQLException e) {
                close();
                if (e.getCause() instanceof SocketTimeoutException) {
                    throw e; // it is there and does not answer: another connection would wait as long
                }
            }
        }
        Connection fresh = connections.local(database, answerLimit);
        open = fresh;
        limit(fresh, answerLimit);
        return fresh;
    }

    private static void limit(Connection connection, Duration answerLimit) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, Math.toIntExact(Math.max(1, answerLimit.toMillis())));
    }

    private static void ask(Connection connection) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            sql.execute("SELECT 1");
        }
    }

    /** Also while a step waits for an answer, which then fails. The next step opens another one. */
    @Override
    public void close() {
        Connection known = open;
        open = null;
        Quietly.abort(known);
    }
}
