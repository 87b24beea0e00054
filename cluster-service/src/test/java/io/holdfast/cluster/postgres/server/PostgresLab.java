package io.holdfast.cluster.postgres.server;

import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.SyncSetting;
import io.holdfast.cluster.postgres.PostgresSettings;
import io.holdfast.cluster.postgres.StopMode;
import io.holdfast.cluster.postgres.Upstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Some nodes' PostgreSQL on this machine: all begin with one cold copy, so that none needs to be cloned. */
final class PostgresLab implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<Integer, Path> TEMPLATES = new LinkedHashMap<>();

    private final Path folder;
    private final Map<Integer, LocalPostgres> nodes = new LinkedHashMap<>();
    private final Map<Integer, Integer> ports = new LinkedHashMap<>();
    private final int size;

    private PostgresLab(PostgresBinaries binaries, int size) {
        this.size = size;
        this.folder = temporary("lab");
        Path template = TEMPLATES.computeIfAbsent(binaries.major(), unused -> template(binaries));
        for (int i = 1; i <= size; i++) {
            ports.put(i, freePort());
            Path directory = folder.resolve("n" + i);
            copy(template.resolve("pgdata"), directory.resolve("pgdata"));
            nodes.put(i, new LocalPostgres(settings(i, directory, ports.get(i), quorum(i)), binaries));
        }
    }

    static PostgresLab of(PostgresBinaries binaries, int size) {
        return new PostgresLab(binaries, size);
    }

    /** The first node active in epoch 2, the others stream from it. */
    static PostgresLab running(PostgresBinaries binaries, int size) {
        PostgresLab lab = new PostgresLab(binaries, size);
        try {
            lab.nodes.values().forEach(LocalPostgres::startStandby);
            lab.elect(1, 2);
            return lab;
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    LocalPostgres node(int number) {
        return nodes.get(number);
    }

    Path directory(int number) {
        return folder.resolve("n" + number);
    }

    NodeId id(int number) {
        return new NodeId("n" + number);
    }

    int port(int number) {
        return ports.get(number);
    }

    Upstream upstream(int number) {
        return new Upstream(id(number), "127.0.0.1", ports.get(number));
    }

    /** Commits wait for one of the other nodes. */
    SyncSetting quorum(int number) {
        List<NodeId> others = IntStream.rangeClosed(1, size)
                .filter(other -> other != number)
                .mapToObj(this::id)
                .toList();
        return new SyncSetting(Math.min(1, others.size()), others);
    }

    /** Promotes a node, lets those that run as standbys follow it, and commits the epoch's row. */
    void elect(int winner, long epoch) {
        node(winner).promote(epoch, quorum(winner), PATIENCE);
        nodes.forEach((number, node) -> {
            if (number != winner && node.isRunning() && node.probe().inRecovery()) {
                node.follow(upstream(winner));
            }
        });
        node(winner).commitEpoch(epoch, PATIENCE);
        node(winner).checkpoint();
    }

    /** A node with a database of its own, made by another initdb. */
    record Stranger(LocalPostgres node) {}

    Stranger stranger(PostgresBinaries binaries) {
        Path directory = folder.resolve("stranger");
        LocalPostgres node =
                new LocalPostgres(settings(9, directory, freePort(), new SyncSetting(0, List.of())), binaries);
        nodes.put(9, node);
        node.initialise();
        return new Stranger(node);
    }

    /** As the product, over TCP. */
    Connection sql(int number) {
        try {
            return DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + ports.get(number) + "/holdfast", "holdfast", "product-secret");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(int number, String... statements) {
        try (Connection connection = sql(number);
                Statement sql = connection.createStatement()) {
            for (String statement : statements) {
                sql.execute(statement);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Commits that no standby confirms, as an isolated active makes them visible after a restart. */
    void executeAlone(int number, String... statements) {
        List<String> all = new ArrayList<>(List.of("SET synchronous_commit = local"));
        all.addAll(List.of(statements));
        execute(number, all.toArray(String[]::new));
    }

    String query(int number, String query) {
        try (Connection connection = sql(number)) {
            return query(connection, query);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the agent's superuser, by the Unix socket. */
    String administer(int number, String query) {
        PostgresSettings settings = settings(number, directory(number), port(number), quorum(number));
        LocalConnections connections =
                new LocalConnections(settings, NodeFiles.open(settings).socketDirectory());
        try (Connection connection = connections.local("holdfast", PATIENCE)) {
            return query(connection, query);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String query(Connection connection, String query) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            if (!sql.execute(query)) {
                return "";
            }
            try (ResultSet row = sql.getResultSet()) {
                return row.next() ? String.valueOf(row.getString(1)) : "";
            }
        }
    }

    @Override
    public void close() {
        nodes.values().forEach(node -> {
            node.close();
            node.kill();
        });
        delete(folder);
    }

    private static PostgresSettings settings(int number, Path directory, int port, SyncSetting quorum) {
        return new PostgresSettings(
                new NodeId("n" + number),
                directory,
                directory.resolve("pgdata"),
                "127.0.0.1",
                port,
                "holdfast",
                "holdfast",
                "product-secret",
                "replication:secret\\",
                quorum,
                Map.of("shared_buffers", "16MB", "max_wal_size", "128MB"));
    }

    private static Path template(PostgresBinaries binaries) {
        Path directory = temporary("template");
        LocalPostgres node =
                new LocalPostgres(settings(1, directory, freePort(), new SyncSetting(0, List.of())), binaries);
        node.initialise();
        node.stop(StopMode.FAST, PATIENCE);
        node.close();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
        return directory;
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            // keeps owner and mode, which PostgreSQL looks at
            int status = new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IOException("cp failed with " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path temporary(String name) {
        try {
            Path directory = Files.createTempDirectory("holdfast-" + name + "-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As far as it goes: a leftover does no harm. */
    private static void delete(Path directory) {
        try (Stream<Path> tree = Files.walk(directory)) {
            tree.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.getLogger(PostgresLab.class.getName()).log(System.Logger.Level.DEBUG, "left " + directory, e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
