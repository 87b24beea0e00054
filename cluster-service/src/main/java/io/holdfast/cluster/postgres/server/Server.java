package io.holdfast.cluster.postgres.server;

import io.holdfast.cluster.postgres.PostgresConfiguration;
import io.holdfast.cluster.postgres.PostgresSettings;
import io.holdfast.cluster.postgres.StopMode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts, adopts, watches and ends the node's server process. */
final class Server {
    private static final Logger LOG = Logger.getLogger(Server.class);
    private static final long LOG_BYTES = 32L << 20;

    private final PostgresSettings settings;
    private final PostgresBinaries binaries;
    private final NodeFiles files;
    private final LocalConnections connections;
    private final Postmaster postmaster;
    private volatile @Nullable ProcessHandle process;
    private volatile Runnable onDeath = () -> {};

    Server(PostgresSettings settings, PostgresBinaries binaries, NodeFiles files, LocalConnections connections) {
        this.settings = settings;
        this.binaries = binaries;
        this.files = files;
        this.connections = connections;
        this.postmaster = new Postmaster(files.data());
    }

    void onDeath(Runnable action) {
        this.onDeath = action;
    }

    boolean isRunning() {
        ProcessHandle known = process;
        return known != null && Postmaster.isAlive(known);
    }

    Optional<ProcessHandle> running() {
        return postmaster.running();
    }

    /**
     * Starts the server and returns as soon as it takes connections.
     *
     * @param more settings that override the files, such as those of a fence
     */
    void start(List<String> more, Duration limit) {
        writeConfiguration();
        rotateLog();
        List<String> words = new ArrayList<>();
        words.add(binaries.program("postgres"));
        words.addAll(List.of("-D", files.data().toString()));
        words.addAll(List.of("-c", "config_file=" + files.file("postgres.conf")));
        words.addAll(List.of("-c", "hba_file=" + files.file("pg_hba.conf")));
        words.addAll(List.of("-c", "ident_file=" + files.file("pg_ident.conf")));
        more.forEach(setting -> words.addAll(List.of("-c", setting)));
        long logStart = logBytes();
        try {
            postmaster.forgetRecycledPid();
            Process started = Command.builder(files.user().command(inOwnSession(words)), java.util.Map.of())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile()))
                    .start();
            watch(started.toHandle());
            awaitReady(started.toHandle(), limit, logStart);
        } catch (IOException e) {
            throw new ManagerException(
                    ErrorCode.INTERNAL_SERVER, "cannot start PostgreSQL in " + files.data() + ": " + e, null, e);
        }
    }

    /** Ends the server and all of its processes; nothing happens if there are none. */
    void stop(StopMode mode, Duration limit) {
        process = null;
        postmaster.end(mode, limit);
    }

    String lastLogLines() {
        return Command.tail(logFrom(Math.max(0, logBytes() - 4_000)));
    }

    /** What the log says since {@code start}, at most the last 64 KiB of it. */
    String logFrom(long start) {
        try (RandomAccessFile log = new RandomAccessFile(files.log().toFile(), "r")) {
            long from = Math.max(start, log.length() - 65_536);
            byte[] bytes = new byte[(int) Math.max(0, log.length() - from)];
            log.seek(from);
            log.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(" + files.log() + " is unreadable: " + e + ")";
        }
    }

    long logBytes() {
        try {
            return Files.exists(files.log()) ? Files.size(files.log()) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private void watch(ProcessHandle server) {
        process = server;
        var unused = server.onExit().thenRun(() -> {
            // ended by stop(): nobody needs to be told
            if (server.equals(process)) {
                process = null;
                LOG.warnf("PostgreSQL of node %s ended by itself, pid %d", settings.node(), server.pid());
                onDeath.run();
            }
        });
    }

    private void writeConfiguration() {
        files.write(files.file("postgres.conf"), PostgresConfiguration.main(settings, files.socketDirectory()));
        files.write(files.file("pg_hba.conf"), PostgresConfiguration.hba(settings));
        files.write(
                files.file("pg_ident.conf"),
                PostgresConfiguration.ident(files.user().systemUsers()));
        Path auto = files.data().resolve("postgresql.auto.conf");
        if (Files.exists(auto)) {
            String text = files.read(auto);
            String kept = PostgresConfiguration.withoutOwned(text);
            if (!kept.equals(text)) {
                LOG.warnf("removed from %s what the cluster sets by itself", auto);
                files.write(auto, kept);
            }
        }
    }

    private void awaitReady(ProcessHandle server, Duration limit, long logStart) {
        long deadline = System.nanoTime() + limit.toNanos();
        String last = "";
        while (System.nanoTime() < deadline) {
            if (!Postmaster.isAlive(server)) {
                boolean full = logFrom(logStart).contains("No space left on device");
                throw new ManagerException(
                        full ? ErrorCode.INSUFFICIENT_STORAGE : ErrorCode.SERVICE_UNAVAILABLE,
                        "PostgreSQL of node " + settings.node() + " does not start; its log says: "
                                + Command.tail(logFrom(logStart)),
                        full ? "free space on the disk of " + files.data() : "see " + files.log());
            }
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
            if (!postmaster.isReady(server)) {
                last = "it does not say that it is ready";
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                continue;
            }
            try {
                connections.local("postgres", Duration.ofSeconds(2)).close();
                return;
            } catch (SQLException e) {
                last = String.valueOf(e.getMessage());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
        throw new ManagerException(
                ErrorCode.SERVICE_UNAVAILABLE,
                "PostgreSQL of node " + settings.node() + " takes no connections within " + limit + ": " + last,
                "it may still be replaying its log: see " + files.log());
    }

    /** In a session of its own where the system has {@code setsid}, so that a terminal's Ctrl-C reaches only the agent. */
    private static List<String> inOwnSession(List<String> words) {
        Path setsid = Path.of("/usr/bin/setsid");
        if (!Files.isExecutable(setsid)) {
            return words;
        }
        List<String> all = new ArrayList<>();
        all.add(setsid.toString());
        all.addAll(words);
        return all;
    }

    private void rotateLog() {
        try {
            if (logBytes() > LOG_BYTES) {
                Files.move(
                        files.log(), files.log().resolveSibling("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            LOG.warnf("cannot rotate %s: %s", files.log(), e.toString());
        }
    }
}
