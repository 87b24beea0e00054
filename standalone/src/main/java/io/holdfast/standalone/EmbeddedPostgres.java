package io.holdfast.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * A PostgreSQL of our own, in a directory of ours, on the loopback interface and a free port. It is a process beside this one: it
 * survives if this one is killed, and the next start ends it before it starts its own.
 */
final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EmbeddedPostgres.class);
    private static final String ROLE = "holdfast";
    private static final String DATABASE = "holdfast";
    private static final String SUPERUSER = "postgres";
    /** Crash recovery replays at most max_wal_size, 2 GiB, which a slow disk takes minutes for. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
    private static final int PORT_ATTEMPTS = 5;

    private final Process process;
    private final OwnPostgresProcesses own;
    private final DatabaseAddress address;

    private EmbeddedPostgres(Process process, OwnPostgresProcesses own, DatabaseAddress address) {
        this.process = process;
        this.own = own;
        this.address = address;
    }

    /**
     * Starts it, at the first time after making the cluster, the role and the database. Returns when it takes connections.
     *
     * @param base holds programs and data; made where missing
     * @param password of the login role and of the superuser, who can log in on this machine only
     */
    static EmbeddedPostgres start(Path base, Path logFile, String password) {
        try {
            Files.createDirectories(base);
            UnprivilegedLauncher launcher = UnprivilegedLauncher.forThisUser();
            Path programs = PostgresBinaries.unpackedUnder(launcher.programsDirectory(base));
            Path data = base.resolve("data");
            OwnPostgresProcesses own = new OwnPostgresProcesses(data);
            own.endAll(STOP_TIMEOUT);
            own.forgetRecycledPid();
            if (!Files.exists(data)) {
                initialise(launcher, programs, base, data, logFile, password);
            }
            launcher.handOver(base);
            EmbeddedPostgres server = startOnFreePort(launcher, programs, data, logFile, password, own);
            try {
                server.makeRoleAndDatabase(password);
            } catch (RuntimeException e) {
                server.close();
                throw e;
            }
            return server;
        } catch (IOException e) {
            throw new StartRefused("cannot start PostgreSQL in " + base + ": " + e, e);
        }
    }

    DatabaseAddress address() {
        return address;
    }

    long pid() {
        return process.pid();
    }

    private static void initialise(
            UnprivilegedLauncher launcher, Path programs, Path base, Path data, Path logFile, String password)
            throws IOException {
        Path aside = base.resolve("data.new");
        Path passwordFile = base.resolve("initdb-password");
        PostgresBinaries.deleteTree(aside);
        try {
            Files.writeString(passwordFile, password + "\n");
            launcher.handOver(base);
            List<String> initdb = List.of(
                    programs.resolve("bin/initdb").toString(),
                    "--pgdata=" + aside,
                    "--username=" + SUPERUSER,
                    "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    // the same order of strings on every machine
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                    "--data-checksums");
            Process process = builder(launcher.command(initdb), logFile).start();
            if (process.waitFor() != 0) {
                throw new StartRefused("initdb failed: " + lastLines(logFile));
            }
            Files.move(aside, data, StandardCopyOption.ATOMIC_MOVE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefused("interrupted while initdb ran", e);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
    }

    private static EmbeddedPostgres startOnFreePort(
            UnprivilegedLauncher launcher,
            Path programs,
            Path data,
            Path logFile,
            String password,
            OwnPostgresProcesses own)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            int port = freePort();
            Process process = builder(launcher.command(serverCommand(programs, data, port)), logFile)
                    .start();
            DatabaseAddress address =
                    new DatabaseAddress("jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE, ROLE, password);
            EmbeddedPostgres server = new EmbeddedPostgres(process, own, address);
            if (server.awaitConnections(port, password)) {
                LOG.infof("PostgreSQL takes connections on 127.0.0.1:%d, pid %d", port, process.pid());
                return server;
            }
            server.close();
            String said = lastLines(logFile);
            if (attempt == PORT_ATTEMPTS || !said.contains("Address already in use")) {
                throw new StartRefused("PostgreSQL does not start; the end of " + logFile + " says:\n" + said);
            }
        }
    }

    private static List<String> serverCommand(Path programs, Path data, int port) {
        List<String> command = new ArrayList<>();
        command.add(programs.resolve("bin/postgres").toString());
        command.addAll(List.of("-D", data.toString()));
        List<String> settings = List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "max_connections=150",
                "fsync=on",
                "full_page_writes=on",
                "wal_level=replica",
                "max_wal_size=2GB",
                "shared_buffers=128MB",
                "work_mem=16MB",
                "maintenance_work_mem=128MB",
                // containers have 64 MB of /dev/shm: parallel workers would run out of it
                "dynamic_shared_memory_type=mmap",
                "timezone=UTC",
                "log_timezone=UTC",
                "log_checkpoints=off",
                "log_line_prefix=%m [%p] %q%u@%d ");
        for (String setting : settings) {
            command.addAll(List.of("-c", setting));
        }
        return command;
    }

    private static ProcessBuilder builder(List<String> command, Path logFile) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .directory(Path.of("/").toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("PG") || name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    /** False if the process ended before. */
    private boolean awaitConnections(int port, String password) {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (Connection connection =
                    connect("jdbc:postgresql://127.0.0.1:" + port + "/postgres", SUPERUSER, password)) {
                return connection.isValid(5);
            } catch (SQLException e) {
                LOG.debugf("not yet: %s", e.getMessage());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
        return false;
    }

    private void makeRoleAndDatabase(String password) {
        String admin = address.url().replaceFirst("/" + DATABASE + "$", "/postgres");
        try (Connection connection = connect(admin, SUPERUSER, password);
                Statement statement = connection.createStatement()) {
            if (!exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + ROLE + "'")) {
                statement.execute("CREATE ROLE " + ROLE + " LOGIN CREATEROLE PASSWORD '" + password + "'");
            }
            if (!exists(statement, "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + ROLE);
            }
        } catch (SQLException e) {
            throw new StartRefused(
                    "cannot make the role and the database in the embedded PostgreSQL: " + e.getMessage(), e);
        }
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next();
        }
    }

    private static Connection connect(String url, String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "5");
        // not by DriverManager: this runs before Quarkus, in a class loader that DriverManager does not know
        @Nullable Connection connection = new Driver().connect(url, properties);
        return Optional.ofNullable(connection).orElseThrow(() -> new SQLException("not a PostgreSQL URL: " + url));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String lastLines(Path logFile) {
        try {
            List<String> lines = Files.readAllLines(logFile, StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
        } catch (IOException e) {
            return "(unreadable: " + e + ")";
        }
    }

    /** Starts the log file anew once it is big: the one of a laptop must not grow for ever. */
    static void boundLog(Path logFile, long maxBytes) {
        try {
            if (Files.exists(logFile) && Files.size(logFile) > maxBytes) {
                Files.move(
                        logFile,
                        logFile.resolveSibling(logFile.getFileName() + ".1"),
                        StandardCopyOption.REPLACE_EXISTING);
                Files.writeString(logFile, "", StandardOpenOption.CREATE);
            }
        } catch (IOException e) {
            LOG.warnf("cannot rotate %s: %s", logFile, e.toString());
        }
    }

    /** Ends it in order: sessions are broken off, a checkpoint is written. */
    @Override
    public void close() {
        own.end(process.toHandle(), STOP_TIMEOUT);
    }
}
