package io.holdfast.cluster.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A client on each node that inserts a row every few milliseconds and remembers which ones were acknowledged. */
final class TestWriters {

    private static final AtomicLong IDS = new AtomicLong();

    private final TestCluster cluster;
    private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;

    static TestWriters start(TestCluster cluster) {
        return new TestWriters(cluster);
    }

    private TestWriters(TestCluster cluster) {
        this.cluster = cluster;
        execute("CREATE TABLE IF NOT EXISTS written (id bigint PRIMARY KEY)");
        for (TestNode node : cluster.nodes()) {
            Thread thread = new Thread(() -> write(node), "writer-" + node.id());
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        awaitMore(20);
    }

    int acknowledged() {
        return acknowledged.size();
    }

    /** Until that many more are acknowledged. */
    void awaitMore(int count) {
        int before = acknowledged.size();
        cluster.await(count + " more acknowledged writes").until(() -> acknowledged.size() >= before + count);
    }

    /** Ends the writers; all that was acknowledged must be there. */
    void assertNothingLost() throws InterruptedException {
        end();
        Set<Long> there = new HashSet<>();
        cluster.await("the rows").untilAsserted(() -> {
            try (Connection connection = cluster.awaitActive().connect();
                    Statement sql = connection.createStatement();
                    ResultSet rows = sql.executeQuery("SELECT id FROM written")) {
                while (rows.next()) {
                    there.add(rows.getLong(1));
                }
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        });
        Set<Long> lost = new HashSet<>(acknowledged);
        lost.removeAll(there);
        assertThat(lost)
                .as("acknowledged and not there, of " + acknowledged.size())
                .isEmpty();
    }

    void execute(String statement) {
        cluster.await(statement).untilAsserted(() -> {
            try (Connection connection = cluster.awaitActive().connect();
                    Statement sql = connection.createStatement()) {
                sql.execute(statement);
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        });
    }

    private void write(TestNode node) {
        @Nullable Connection connection = null;
        while (!ended) {
            long id = IDS.incrementAndGet();
            try {
                if (connection == null) {
                    connection = node.connect();
                }
                try (Statement sql = connection.createStatement()) {
                    sql.execute("INSERT INTO written VALUES (" + id + ")");
                    // a warning says that the wait for the standbys was cut short: nobody knows whether the row lasts
                    if (sql.getWarnings() == null) {
                        acknowledged.add(id);
                    }
                }
                Thread.sleep(10);
            } catch (SQLException e) {
                connection = closed(connection);
                pause();
            } catch (InterruptedException e) {
                break;
            }
        }
        closed(connection);
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable Connection closed(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            System.getLogger(TestWriters.class.getName()).log(System.Logger.Level.DEBUG, "it was closed already", e);
        }
        return null;
    }

    private void end() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join(30_000);
        }
    }
}
