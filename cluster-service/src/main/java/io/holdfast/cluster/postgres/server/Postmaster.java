package io.holdfast.cluster.postgres.server;

import io.holdfast.cluster.postgres.StopMode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The server processes that work on one data directory, found by what they are and not by a remembered pid alone: a pid may have been
 * given to somebody else since.
 */
final class Postmaster {
    private static final Duration AFTER_ESCALATION = Duration.ofSeconds(10);
    /** Above the greatest pid that Linux gives. */
    private static final long NOBODYS_PID = 4_999_999;

    /** In which the server keeps what it is doing, since version 10. */
    private static final int STATUS_LINE = 7;

    private final Path data;

    Postmaster(Path data) {
        this.data = data;
    }

    /** The kernel tells a working directory without symbolic links. */
    private boolean isData(Path directory) {
        try {
            return directory.equals(data) || (Files.exists(data) && directory.equals(data.toRealPath()));
        } catch (IOException e) {
            return false; // it has just been renamed
        }
    }

    /** The running server; empty if there is none, or its pid file names a process that is something else. */
    Optional<ProcessHandle> running() {
        return recordedPid()
                .flatMap(ProcessHandle::of)
                .filter(Postmaster::isAlive)
                .filter(this::worksHere);
    }

    /** When the running server started, as its pid file says: tells two servers with one pid apart. */
    Optional<String> startedAt() {
        try {
            List<String> lines = Files.readAllLines(pidFile());
            return lines.size() > 2 ? Optional.of(lines.get(0) + "@" + lines.get(2)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether a server says in its pid file that it takes connections; to try whether it does would keep the processor from its recovery.
     *
     * @param server the first process, which has written the file or will
     */
    boolean isReady(ProcessHandle server) {
        try {
            List<String> lines = Files.readAllLines(pidFile());
            return lines.size() > STATUS_LINE
                    && lines.get(0).strip().equals(Long.toString(server.pid()))
                    && lines.get(STATUS_LINE).strip().equals("ready");
        } catch (IOException e) {
            return false; // it has not written it yet
        }
    }

    /**
     * Ends the server, and whatever process of it is left over, which would keep the next one from starting. Returns when all are gone.
     *
     * @param limit for a {@link StopMode#FAST} end; then it is immediate, then killed
     */
    void end(StopMode mode, Duration limit) {
        running().ifPresent(server -> end(server, mode, limit));
        for (ProcessHandle stray : strays()) {
            stray.destroyForcibly();
            if (!await(stray, AFTER_ESCALATION)) {
                throw new ManagerException(
                        ErrorCode.INTERNAL_SERVER,
                        "process " + stray.pid() + " of PostgreSQL in " + data + " does not end, not even killed",
                        "a disk that does not answer holds it; no other server can start on this data until it is"
                                + " gone");
            }
        }
    }

    private void end(ProcessHandle server, StopMode mode, Duration limit) {
        if (mode == StopMode.FAST) {
            signal("INT", server);
            if (await(server, limit)) {
                return;
            }
        }
        if (mode != StopMode.KILL) {
            signal("QUIT", server);
            if (await(server, Duration.ofSeconds(2))) {
                return;
            }
        }
        server.destroyForcibly();
        await(server, AFTER_ESCALATION);
    }

    /**
     * PostgreSQL takes a lock file whose pid is alive for a running server. Where that pid is now somebody else's, a pid that nobody has
     * takes its place. The file itself must stay: by it PostgreSQL finds the shared memory of a killed predecessor.
     */
    void forgetRecycledPid() throws IOException {
        Optional<Long> pid = recordedPid();
        if (pid.isPresent()
                && ProcessHandle.of(pid.get()).isPresent()
                && running().isEmpty()) {
            List<String> lines = new java.util.ArrayList<>(Files.readAllLines(pidFile()));
            lines.set(0, Long.toString(NOBODYS_PID));
            Files.write(pidFile(), lines);
        }
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }

    private Optional<Long> recordedPid() {
        try {
            if (!Files.exists(pidFile())) {
                return Optional.empty();
            }
            List<String> lines = Files.readAllLines(pidFile());
            // empty while the server is writing it
            return lines.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Long.parseLong(lines.get(0).strip()));
        } catch (IOException | NumberFormatException e) {
            throw new ManagerException(
                    ErrorCode.INTERNAL_SERVER,
                    "unreadable " + pidFile() + ": " + e,
                    "see whether a PostgreSQL runs on this data; if none does, remove the file",
                    e);
        }
    }

    private List<ProcessHandle> strays() {
        return ProcessHandle.allProcesses()
                .filter(process ->
                        workingDirectory(process).filter(this::isData).isPresent())
                .filter(process -> process.info()
                        .command()
                        .filter(command -> command.endsWith("postgres"))
                        .isPresent())
                .filter(Postmaster::isAlive)
                .toList();
    }

    /** A server changes into its data directory; where that cannot be seen, its command line names it. */
    private boolean worksHere(ProcessHandle process) {
        return workingDirectory(process)
                .map(this::isData)
                .orElseGet(() -> process.info()
                        .commandLine()
                        .filter(line -> line.contains("postgres") && line.contains(data.toString()))
                        .isPresent());
    }

    private static Optional<Path> workingDirectory(ProcessHandle process) {
        Path link = Path.of("/proc", Long.toString(process.pid()), "cwd");
        try {
            return Files.isSymbolicLink(link) ? Optional.of(Files.readSymbolicLink(link)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // it has just ended, or is another user's
        }
    }

    private static void signal(String name, ProcessHandle process) {
        // the shell's own kill: the program is not on every machine.
        Command.of("sh", "-c", "kill -" + name + " " + process.pid()).run(AFTER_ESCALATION);
    }

    private static boolean await(ProcessHandle process, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (isAlive(process)) {
            if (System.nanoTime() >= deadline || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return true;
    }

    /** A dead process whose parent does not care keeps its pid: that is not alive. */
    static boolean isAlive(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
            if (!Files.exists(stat)) {
                return process.isAlive();
            }
            String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
            return text.charAt(text.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return process.isAlive();
        }
    }
}
