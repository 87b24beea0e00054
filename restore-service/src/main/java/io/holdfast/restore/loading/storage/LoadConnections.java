package io.holdfast.restore.loading.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;

/** A few connections for loading, opened when first needed. Nothing waits for the disk: what a crash could lose is dropped anyway. */
final class LoadConnections implements AutoCloseable {

    /** Work on a connection. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private final OwnerDatabase database;
    private final Semaphore permits;
    private final BlockingQueue<Connection> idle;

    LoadConnections(OwnerDatabase database, int size) {
        this.database = database;
        this.permits = new Semaphore(size);
        this.idle = new ArrayBlockingQueue<>(size);
    }

    <T> T with(Work<T> work) throws SQLException {
        permits.acquireUninterruptibly();
        try {
            Connection connection = idle.poll();
            if (connection == null) {
                connection = database.open();
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SET synchronous_commit = off");
                }
            }
            boolean good = false;
            try {
                T result = work.on(connection);
                good = true;
                return result;
            } finally {
                if (!good || !idle.offer(connection)) {
                    connection.close();
                }
            }
        } finally {
            permits.release();
        }
    }

    @Override
    public void close() {
        Connection connection = idle.poll();
        while (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // It is gone either way.
            }
            connection = idle.poll();
        }
    }
}
