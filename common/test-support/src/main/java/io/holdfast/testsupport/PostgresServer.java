package io.holdfast.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The installed PostgreSQL as a private server with its usual, durable settings, which can be killed and started again on the same port
 * with what it had. It runs as root, too: then as the user {@code postgres} or {@code nobody}.
 */
public final class PostgresServer implements AutoCloseable {

    /** Owner of {@link #url()}'s database, no superuser, also its password: what the product asks of an outside server. */
    public static final String OWNER = "holdfast";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path folder = TestFiles.directory("postgres");
    private final int port = TestFiles.freePort();
    private final Path bin;
    private final List<String> asUser;
    private final Thread onExit = new Thread(this::end, "postgres-stop");

    private PostgresServer(Path bin) {
        this.bin = bin;
        this.asUser = otherUser(folder);
    }

    public static boolean isInstalled() {
        return installed().isPresent();
    }

    /** Directory of the installed server's programs, of the newest version. */
    public static Optional<Path> programs() {
        return installed();
    }

    /** Starts a new one with an empty database. */
    public static PostgresServer start() {
        PostgresServer server = new PostgresServer(
                installed().orElseThrow(() -> new IllegalStateException("no PostgreSQL server is installed")));
        Runtime.getRuntime().addShutdownHook(server.onExit);
        server.run("initdb", "-D", server.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync");
        server.startAgain();
        try (Connection connection = DriverManager.getConnection(server.url("postgres"), "postgres", "");
                Statement sql = connection.createStatement()) {
            sql.execute("CREATE ROLE " + OWNER + " LOGIN CREATEROLE PASSWORD '" + OWNER + "'");
            sql.execute("CREATE DATABASE " + OWNER + " OWNER " + OWNER);
        } catch (SQLException e) {
            throw new IllegalStateException("the private PostgreSQL takes no database", e);
        }
        return server;
    }

    /** JDBC URL of the database, without credentials. */
    public String url() {
        return url(OWNER);
    }

    /** As {@link #OWNER}. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), OWNER, OWNER);
    }

    /** Ends the server itself with SIGKILL; its processes notice and end, too. */
    public void killPostmaster() {
        ProcessHandle postmaster = postmaster();
        List<ProcessHandle> all = new ArrayList<>(postmaster.descendants().toList());
        all.add(postmaster);
        postmaster.destroyForcibly();
        // They end by themselves within moments; a start before would find their shared memory in use.
        all.forEach(process -> process.onExit().orTimeout(60, TimeUnit.SECONDS).join());
    }

    /** Ends one process that serves a client with SIGKILL, whereupon the server ends all others and recovers by itself. */
    public void killBackend(Random random) {
        List<ProcessHandle> backends = postmaster()
                .children()
                .filter(process -> commandLine(process).contains(" " + OWNER + " "))
                .sorted(Comparator.comparingLong(ProcessHandle::pid))
                .toList();
        if (!backends.isEmpty()) {
            backends.get(random.nextInt(backends.size())).destroyForcibly();
        }
        awaitReady();
    }

    /** Starts the server again with what it has on disk, and waits until it takes connections. */
    public void startAgain() {
        run(
                "pg_ctl",
                "-D",
                data(),
                "-w",
                "-t",
                "120",
                "-l",
                folder.resolve("log").toString(),
                "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=" + folder
                        + " -c max_connections=200",
                "start");
        awaitReady();
    }

    private void awaitReady() {
        Awaitility.await("a private PostgreSQL; its log is below " + folder)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> {
                    DriverManager.getConnection(url("postgres"), "postgres", "").close();
                    return true;
                });
    }

    private ProcessHandle postmaster() {
        try {
            long pid = Long.parseLong(
                    Files.readAllLines(Path.of(data(), "postmaster.pid")).get(0));
            return ProcessHandle.of(pid).orElseThrow(() -> new IllegalStateException("PostgreSQL does not run"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(onExit);
        end();
    }

    private void end() {
        try {
            run("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
        } catch (IllegalStateException e) {
            System.getLogger(PostgresServer.class.getName())
                    .log(System.Logger.Level.DEBUG, "PostgreSQL had ended already", e);
        }
        TestFiles.delete(folder);
    }

    private void run(String program, String... arguments) {
        List<String> command = new ArrayList<>(asUser);
        command.add(bin.resolve(program).toString());
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(program + " failed: " + Files.readString(output));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(program, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String commandLine(ProcessHandle handle) {
        try {
            return Files.readString(Path.of("/proc/" + handle.pid() + "/cmdline"))
                    .replace('\0', ' ');
        } catch (IOException e) {
            return ""; // it has just ended
        }
    }

    private static List<String> otherUser(Path folder) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        try {
            boolean own = new ProcessBuilder("id", "postgres")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
            String user = own ? "postgres" : "nobody";
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            if (new ProcessBuilder("chown", user, folder.toString())
                            .inheritIO()
                            .start()
                            .waitFor()
                    != 0) {
                throw new IOException("cannot give " + folder + " to " + user);
            }
            return List.of("runuser", "-u", user, "--");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Path> installed() {
        List<Path> found = new ArrayList<>();
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (DirectoryStream<Path> versions = Files.newDirectoryStream(debian)) {
                versions.forEach(version -> found.add(version.resolve("bin")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        found.sort(Comparator.comparing(Path::toString).reversed());
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            found.add(Path.of(directory));
        }
        return found.stream()
                .filter(path -> Stream.of("initdb", "pg_ctl", "postgres")
                        .allMatch(program -> Files.isExecutable(path.resolve(program))))
                .findFirst();
    }
}
