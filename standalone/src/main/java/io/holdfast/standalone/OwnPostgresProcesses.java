package io.holdfast.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * The PostgreSQL processes that work on one data directory, found by what they are and not by a remembered pid alone: a pid may have
 * been given to somebody else since.
 */
final class OwnPostgresProcesses {
    private static final Logger LOG = Logger.getLogger(OwnPostgresProcesses.class);
    private static final Duration AFTER_ESCALATION = Duration.ofSeconds(10);
    /** Above the greatest pid that Linux and macOS give. */
    private static final long NOBODYS_PID = 4_999_999;

    private final Path data;

    OwnPostgresProcesses(Path data) {
        this.data = data;
    }

    /** Ends what a killed predecessor left: its server in order, then any stray worker. */
    void endAll(Duration timeout) {
        server().ifPresent(server -> {
            LOG.infof("a PostgreSQL from before runs on %s (pid %d): ending it", data, server.pid());
            end(server, timeout);
        });
        // workers of a killed server hold its shared memory, and no new server starts until they are gone
        for (ProcessHandle stray : strays()) {
            LOG.infof("ending a PostgreSQL worker left over, pid %d", stray.pid());
            stray.destroyForcibly();
            await(stray, AFTER_ESCALATION);
        }
    }

    /** Fast shutdown; after the timeout immediate shutdown, which the next start recovers from; then kill. */
    void end(ProcessHandle server, Duration timeout) {
        if (!isAlive(server)) {
            return;
        }
        signal("INT", server);
        if (!await(server, timeout)) {
            LOG.warnf("PostgreSQL (pid %d) did not end within %s: immediate shutdown", server.pid(), timeout);
            signal("QUIT", server);
            if (!await(server, AFTER_ESCALATION)) {
                server.destroyForcibly();
                await(server, AFTER_ESCALATION);
            }
        }
    }

    /**
     * PostgreSQL takes a lock file whose pid is alive for a running server. Where that pid is now somebody else's, a pid that nobody has
     * takes its place. The file itself must stay: by it PostgreSQL finds the shared memory of a killed predecessor.
     */
    void forgetRecycledPid() throws IOException {
        Path lockFile = data.resolve("postmaster.pid");
        Optional<Long> pid = recordedPid();
        if (pid.isPresent() && ProcessHandle.of(pid.get()).isPresent() && server().isEmpty()) {
            List<String> lines = new ArrayList<>(Files.readAllLines(lockFile));
            lines.set(0, Long.toString(NOBODYS_PID));
            Files.write(lockFile, lines, StandardOpenOption.TRUNCATE_EXISTING);
        }
    }

    private Optional<ProcessHandle> server() {
        return recordedPid()
                .flatMap(ProcessHandle::of)
                .filter(ProcessHandle::isAlive)
                .filter(this::worksHere);
    }

    private Optional<Long> recordedPid() {
        try {
            Path lockFile = data.resolve("postmaster.pid");
            if (!Files.exists(lockFile)) {
                return Optional.empty();
            }
            List<String> lines = Files.readAllLines(lockFile);
            return lines.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Long.parseLong(lines.get(0).strip()));
        } catch (IOException | NumberFormatException e) {
            LOG.warnf("unreadable postmaster.pid in %s: %s", data, e.toString());
            return Optional.empty();
        }
    }

    private List<ProcessHandle> strays() {
        return ProcessHandle.allProcesses()
                .filter(process ->
                        workingDirectory(process).filter(data::equals).isPresent())
                .filter(process -> process.info()
                        .command()
                        .filter(command -> command.endsWith("postgres"))
                        .isPresent())
                .toList();
    }

    /** A server changes into its data directory; where that cannot be seen, its command line names it. */
    private boolean worksHere(ProcessHandle process) {
        return workingDirectory(process)
                .map(data::equals)
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
            return Optional.empty();
        }
    }

    private static void signal(String name, ProcessHandle process) {
        try {
            // the shell's own kill: the program is not on every machine
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kill.waitFor(AFTER_ESCALATION.toSeconds(), TimeUnit.SECONDS);
        } catch (IOException e) {
            LOG.warnf("cannot signal pid %d: %s", process.pid(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean await(ProcessHandle process, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (isAlive(process)) {
            if (System.nanoTime() >= deadline || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return true;
    }

    /** A dead process whose parent does not care (some containers' first one) keeps its pid: that is not alive. */
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
