package io.holdfast.restore.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.restore.staging.Phases;
import io.holdfast.restore.support.TestManager;
import io.holdfast.restore.support.TestRestore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwapUnderLoadIT {

    @TempDir
    Path folder;

    @AfterEach
    void dropManagers() {
        TestManager.dropAll();
    }

    @Test
    void preparedReadersAndWritersGoOnInTheNewStateWithoutAnError() throws Exception {
        // given: connections whose statements are prepared on the server, in use the whole time
        TestManager source = TestManager.create(1);
        source.fill(30);
        Path archive = source.archive(folder.resolve("a.zip"), null);
        TestManager target = TestManager.create(2);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger rounds = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        List<Future<?>> work = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int worker = i;
            work.add(threads.submit(() -> {
                readAndWrite(target, worker, stop, rounds);
                return null;
            }));
        }
        try {
            Awaitility.await().atMost(Duration.ofMinutes(1)).untilAtomic(rounds, org.hamcrest.Matchers.greaterThan(60));
            // when
            new TestRestore(target).restore(archive);
            int atTheSwap = rounds.get();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAtomic(rounds, org.hamcrest.Matchers.greaterThan(atTheSwap + 60));
        } finally {
            stop.set(true);
            threads.shutdown();
        }
        // then
        for (Future<?> one : work) {
            one.get(20, TimeUnit.SECONDS);
        }
        assertThat(target.ask("SELECT count(*) FROM inventory.blueprints")).isEqualTo("29");
        assertThat(Integer.parseInt(target.ask("SELECT count(*) FROM inventory.sites WHERE name LIKE 'w%-%'")))
                .as("written after the swap, into the new state")
                .isPositive();
    }

    private static void readAndWrite(TestManager target, int worker, AtomicBoolean stop, AtomicInteger rounds)
            throws SQLException {
        try (Connection connection = target.database().open();
                PreparedStatement read = connection.prepareStatement("SELECT count(*) FROM inventory.blueprints");
                PreparedStatement write = connection.prepareStatement(
                        "INSERT INTO inventory.sites (tenant_name, name) VALUES ('default_tenant', ?) ON CONFLICT DO NOTHING")) {
            int n = 0;
            while (!stop.get()) {
                try (ResultSet row = read.executeQuery()) {
                    row.next();
                    assertThat(row.getInt(1)).isIn(0, 29);
                }
                write.setString(1, "w" + worker + "-" + n++);
                write.executeUpdate();
                rounds.incrementAndGet();
            }
        }
    }

    @Test
    void aReaderThatNeverEndsIsWaitedForAndThenTheSwapGivesUpUnharmed() throws SQLException {
        // given
        TestManager source = TestManager.create(1);
        source.fill(5);
        TestManager target = TestManager.create(2);
        target.fill(3);
        Map<String, String> before = target.state();
        TestRestore restore = new TestRestore(target).withPatience(Duration.ofSeconds(2));
        restore.stage(source.archive(folder.resolve("a.zip"), null), Phases.NONE);
        String id = restore.begin();
        try (Connection reader = target.database().named("a-long-reader").open();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("SELECT count(*) FROM inventory.blueprints");
            // when, then
            assertThatThrownBy(() -> restore.swap().swap(restore.order(id, null, null, false)))
                    .isInstanceOf(ManagerException.class)
                    .hasMessageContaining("the live tables were in use for 2 s, by")
                    .hasMessageContaining("a-long-reader");
            reader.rollback();
        }
        assertThat(target.state()).isEqualTo(before);
        // and when it has ended, the same staged state can still go live
        restore.swap().swap(restore.order(id, null, null, false));
        assertThat(target.ask("SELECT count(*) FROM inventory.blueprints")).isEqualTo("4");
    }

    @Test
    void whoWritesIsNeverTheOneThatADeadlockEnds() throws Exception {
        // given
        TestManager source = TestManager.create(1);
        source.fill(5);
        TestManager target = TestManager.create(2);
        target.fill(3);
        TestRestore restore = new TestRestore(target);
        restore.stage(source.archive(folder.resolve("a.zip"), null), Phases.NONE);
        String id = restore.begin();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Connection writer = target.database().named("a-writer").open();
                Statement write = writer.createStatement();
                Connection other = target.database().named("in-between").open();
                Statement hold = other.createStatement()) {
            writer.setAutoCommit(false);
            other.setAutoCommit(false);
            write.execute("LOCK TABLE inventory.sites IN ROW EXCLUSIVE MODE");
            hold.execute("LOCK TABLE inventory.blueprints IN ROW EXCLUSIVE MODE");
            // when: the swap waits for the other, and the writer for what the swap has
            Future<?> swap = threads.submit(() -> restore.swap().swap(restore.order(id, null, null, false)));
            awaitThat(() -> waitsForALock(target, "query LIKE 'LOCK TABLE inventory.blueprints IN ACCESS%'"));
            Future<?> waiting = threads.submit(() -> write.execute("SELECT count(*) FROM access.tenants"));
            awaitThat(() -> waiting.isDone() || waitsForALock(target, "application_name = 'a-writer'"));
            TimeUnit.MILLISECONDS.sleep(700);
            // and then both wait for each other, the writer for longer
            other.rollback();
            waiting.get(1, TimeUnit.MINUTES);
            write.execute("INSERT INTO inventory.sites (tenant_name, name) VALUES ('default_tenant', 'last')");
            writer.commit();
            swap.get(1, TimeUnit.MINUTES);
        } finally {
            threads.shutdownNow();
        }
        // then
        assertThat(target.ask("SELECT count(*) FROM inventory.blueprints")).isEqualTo("4");
    }

    private static void awaitThat(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(10))
                .until(condition);
    }

    private static boolean waitsForALock(TestManager target, String session) throws SQLException {
        return target.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                        + " AND datname = current_database() AND " + session)
                .equals("1");
    }
}
