package io.holdfast.testsupport.faults;

import io.holdfast.testsupport.history.Operation;
import io.holdfast.testsupport.history.OperationLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A client as a process of its own: inserts a row each 10 ms and appends to, or reads, a list each 50 ms, and logs each operation, until
 * its standard input ends. A commit that comes with a warning is not taken for acknowledged: PostgreSQL says so when somebody cut the
 * wait for the standbys.
 *
 * <p>Arguments: name, log file, the node beside which it runs, and one {@code node|address|status URL|JDBC URL} for each node. A
 * client without status URLs uses the first JDBC URL; another one asks all nodes which of them is active and uses that one's.
 */
public final class FaultClient {

    /** The tables that clients write to, made before they start. */
    public static final List<String> TABLES = List.of(
            "CREATE SCHEMA faults",
            "CREATE TABLE faults.writes (value text PRIMARY KEY, written_at timestamptz NOT NULL DEFAULT clock_timestamp())",
            "CREATE TABLE faults.lists (key text PRIMARY KEY, items text[] NOT NULL, reads bigint NOT NULL DEFAULT 0)");

    private static final Duration INSERT_EACH = Duration.ofMillis(10);
    private static final Duration APPEND_EACH = Duration.ofMillis(50);
    private static final Duration RETRY_AFTER = Duration.ofMillis(20);
    private static final Duration STATUS_PATIENCE = Duration.ofMillis(1_000);

    /** A list gets another name after this time, so that none becomes so long that it costs more than what is measured. */
    private static final Duration LIST_LASTS = Duration.ofSeconds(10);

    private static final int LISTS = 3;

    /** Held, so that it stays as it is set: the driver would say at length what each refused connection is worth to it. */
    private static final Logger DRIVER = Logger.getLogger("org.postgresql");

    private static final String WHERE = "substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), host(inet_server_addr())";

    private final String name;
    private final OperationLog log;
    private final String beside;
    private final List<Target> targets;
    private final Map<String, String> nodeByAddress = new HashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(STATUS_PATIENCE).build();

    private record Target(String node, String address, String statusUrl, String jdbcUrl) {}

    private FaultClient(String name, OperationLog log, String beside, List<Target> targets) {
        this.name = name;
        this.log = log;
        this.beside = beside;
        this.targets = targets;
        targets.forEach(target -> nodeByAddress.put(target.address(), target.node()));
    }

    public static void main(String[] args) throws IOException {
        if (args.length < 4) {
            throw new IllegalArgumentException("expected NAME LOG NODE TARGET…, got " + List.of(args));
        }
        DRIVER.setLevel(Level.OFF);
        List<Target> targets = new ArrayList<>();
        for (int i = 3; i < args.length; i++) {
            String[] parts = args[i].split("\\|", -1);
            targets.add(new Target(parts[0], parts[1], parts[2], parts[3]));
        }
        FaultClient client = new FaultClient(args[0], new OperationLog(Path.of(args[1])), args[2], targets);
        client.start("insert", INSERT_EACH, client::insert);
        client.start("append", APPEND_EACH, client::append);
        while (System.in.read() >= 0) {
            continue; // whoever started us holds the other end open as long as it wants us
        }
        // in the middle of an operation: that one is unknown, as after any other failure
        Runtime.getRuntime().halt(0);
    }

    /** One operation on a connection that is there. */
    private interface Work {
        void once(Connection connection, long number) throws SQLException, IOException;
    }

    private void start(String what, Duration each, Work work) {
        Thread thread = new Thread(() -> run(each, work), name + "-" + what);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((failed, error) -> {
            System.getLogger(FaultClient.class.getName())
                    .log(System.Logger.Level.ERROR, "client " + failed.getName() + " failed", error);
            Runtime.getRuntime().halt(1);
        });
        thread.start();
    }

    private void run(Duration each, Work work) {
        Connection connection = null;
        long number = 0;
        long next = System.nanoTime();
        try {
            while (true) {
                if (connection == null) {
                    connection = connect();
                    if (connection == null) {
                        TimeUnit.MILLISECONDS.sleep(RETRY_AFTER.toMillis());
                        continue;
                    }
                    next = System.nanoTime();
                }
                try {
                    work.once(connection, ++number);
                } catch (SQLException e) {
                    abort(connection);
                    connection = null;
                }
                next = Math.max(next + each.toNanos(), System.nanoTime() - each.toNanos());
                TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot write the log", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void insert(Connection connection, long number) throws SQLException, IOException {
        String value = name + "-" + number;
        long id = log.started(Operation.Kind.INSERT, "", value, System.nanoTime());
        try (PreparedStatement sql =
                connection.prepareStatement("INSERT INTO faults.writes (value) VALUES (?) RETURNING " + WHERE)) {
            sql.setString(1, value);
            try (ResultSet row = sql.executeQuery()) {
                row.next();
                acknowledge(id, connection, sql, row.getString(1), row.getString(2), 0, 0);
            }
        } catch (SQLException e) {
            log.unknown(id, System.nanoTime(), e.getSQLState() + " " + e.getMessage());
            throw e;
        }
    }

    /** Two appends, then a read; the read writes, too: so its transaction is not older than what a quorum has. */
    private void append(Connection connection, long number) throws SQLException, IOException {
        boolean read = number % 3 == 0;
        String key = "k" + System.nanoTime() / LIST_LASTS.toNanos() + "-" + number % LISTS;
        String value = read ? "" : name + "-l" + number;
        long id = log.started(read ? Operation.Kind.READ : Operation.Kind.APPEND, key, value, System.nanoTime());
        String statement = read
                ? "INSERT INTO faults.lists AS l (key, items) VALUES (?, '{}') ON CONFLICT (key)"
                        + " DO UPDATE SET reads = l.reads + 1 RETURNING items, " + WHERE
                : "INSERT INTO faults.lists AS l (key, items) VALUES (?, ARRAY[?]) ON CONFLICT (key)"
                        + " DO UPDATE SET items = l.items || excluded.items RETURNING items, " + WHERE;
        try (PreparedStatement sql = connection.prepareStatement(statement)) {
            sql.setString(1, key);
            if (!read) {
                sql.setString(2, value);
            }
            try (ResultSet row = sql.executeQuery()) {
                row.next();
                Array array = row.getArray(1);
                String[] items = (String[]) array.getArray();
                long hash = Operation.EMPTY_HASH;
                for (String item : items) {
                    hash = Operation.hash(hash, item);
                }
                acknowledge(id, connection, sql, row.getString(2), row.getString(3), items.length, hash);
            }
        } catch (SQLException e) {
            log.unknown(id, System.nanoTime(), e.getSQLState() + " " + e.getMessage());
            throw e;
        }
    }

    private void acknowledge(
            long id,
            Connection connection,
            PreparedStatement sql,
            String timeline,
            @Nullable String address,
            int length,
            long hash)
            throws SQLException, IOException {
        long now = System.nanoTime();
        if (sql.getWarnings() != null || connection.getWarnings() != null) {
            log.unknown(id, now, "a warning with the commit: " + sql.getWarnings() + " " + connection.getWarnings());
            connection.clearWarnings();
            return;
        }
        String server = address == null ? beside : nodeByAddress.getOrDefault(address, beside);
        log.acknowledged(id, now, Long.parseLong(timeline, 16), server, length, hash);
    }

    private @Nullable Connection connect() throws InterruptedException {
        Target target = targets.get(0).statusUrl().isEmpty() ? targets.get(0) : active();
        if (target == null) {
            return null;
        }
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", "1");
        properties.setProperty("loginTimeout", "2");
        properties.setProperty("socketTimeout", "3");
        properties.setProperty("cancelSignalTimeout", "1");
        properties.setProperty("ApplicationName", name);
        try {
            return DriverManager.getConnection(target.jdbcUrl(), properties);
        } catch (SQLException e) {
            return null; // nothing was sent, so nothing is unknown
        }
    }

    /** The first node that says to be the active one. */
    private @Nullable Target active() throws InterruptedException {
        CompletableFuture<@Nullable Target> first = new CompletableFuture<>();
        for (Target target : targets) {
            http.sendAsync(
                            HttpRequest.newBuilder(URI.create(target.statusUrl()))
                                    .timeout(STATUS_PATIENCE)
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .thenAccept(response -> {
                        if (response.statusCode() == 200) {
                            first.complete(target);
                        }
                    });
        }
        try {
            return first.get(STATUS_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return null; // no node answers for now
        }
    }

    /** Without a word to the server, which may not answer. */
    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            System.getLogger(FaultClient.class.getName())
                    .log(System.Logger.Level.DEBUG, "a broken connection cannot be closed", e);
        }
    }
}
