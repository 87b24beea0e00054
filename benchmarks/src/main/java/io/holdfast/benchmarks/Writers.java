package io.holdfast.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A writer that wants to commit 200 transactions a second, whatever the others take. A latency counts from when it was due, so that waiting
 * behind a slow one counts, too.
 */
final class Writers implements AutoCloseable {

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1) / 200;

    private final Thread thread;
    private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean stop;
    private volatile @Nullable SQLException failure;

    Writers(String url) {
        thread = new Thread(() -> write(url), "writers");
        thread.setDaemon(true);
        thread.start();
    }

    private void write(String url) {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO scheduler.events (tenant_name, type, timestamp,"
                                + " reported_timestamp, message) VALUES ('tenant_1', 'cloudify_log', now(), now(), 'written during a snapshot')")) {
            long due = System.nanoTime();
            while (!stop) {
                due += INTERVAL_NANOS;
                long wait = due - System.nanoTime();
                if (wait > 0) {
                    LockSupport.parkNanos(wait);
                }
                insert.executeUpdate();
                nanos.add(System.nanoTime() - due);
            }
        } catch (SQLException e) {
            failure = e;
        }
    }

    /** Milliseconds that 99 of 100 transactions were faster than. */
    double stop99() throws InterruptedException, SQLException {
        stop = true;
        thread.join();
        SQLException failed = failure;
        if (failed != null) {
            throw failed;
        }
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        return sorted.isEmpty() ? 0 : Math.max(0, sorted.get((int) (sorted.size() * 0.99))) / 1e6;
    }

    @Override
    public void close() {
        stop = true;
    }
}
