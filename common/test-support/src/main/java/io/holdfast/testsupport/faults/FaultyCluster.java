package io.holdfast.testsupport.faults;

import io.holdfast.testsupport.faults.NetworkLaboratory.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A cluster of databases that faults are done to: one node on each machine of a laboratory. Subclasses know how a node is set up,
 * started and asked.
 */
public abstract class FaultyCluster implements AutoCloseable {

    /** So long may a cluster take until it is whole again; far more than any target, for slow machines. */
    static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final int DISK_MEGABYTES = 1_000;
    private static final Duration POLL = Duration.ofMillis(50);

    private final NetworkLaboratory laboratory;
    private final Path folder;
    private final boolean smallDisks;
    private final Map<Host, SmallDisk> disks = new HashMap<>();
    private final Map<Host, List<Process>> supervisors = new HashMap<>();

    /**
     * @param folder logs, and the nodes' data
     * @param smallDisks whether each node gets a disk of its own, in memory, so that it can be full
     */
    protected FaultyCluster(NetworkLaboratory laboratory, Path folder, boolean smallDisks) {
        this.laboratory = laboratory;
        this.folder = folder;
        this.smallDisks = smallDisks;
    }

    /** Makes the nodes, starts them and waits until they are one cluster. */
    public abstract void start() throws IOException, InterruptedException;

    /** Whether the node says of itself that it is the active one. */
    public abstract boolean isActive(Host node);

    /** Whether the node is a standby that streams from the active. */
    public abstract boolean isStreaming(Host node);

    /** The epoch in which the active is; 0 if there is none. */
    public abstract long epoch();

    /** Starts what supervises the node, as its machine's service manager would. */
    protected abstract List<Process> startSupervisors(Host node) throws IOException, InterruptedException;

    /** Of the node's processes, those that decide: not the database's. */
    protected abstract List<Long> agents(Host node) throws IOException;

    /** From this process to the node's database, as the owner of the clients' tables. */
    public abstract String jdbcUrl(Host node);

    /** What a client beside this node is told, as {@link FaultClient} takes it. */
    protected abstract List<String> clientTargets(Host node);

    /** The same for a client that stands apart and asks which node is active. */
    protected abstract List<String> followerTargets();

    /** Hands over to this standby and waits for the answer. */
    public abstract void switchOver(Host target) throws IOException, InterruptedException;

    /** Values of {@code faults.writes} that rejoined nodes put aside, each as often as it is there. */
    public abstract List<String> salvaged() throws IOException, InterruptedException;

    /** The first node that says of itself that it is the active one. */
    public Optional<Host> active() {
        return laboratory.hosts().stream().filter(this::isActive).findFirst();
    }

    /** Whether the node votes and has no database. */
    protected boolean isWitness(Host node) {
        return false;
    }

    /** The nodes with a database. */
    List<Host> dataNodes() {
        return laboratory.hosts().stream().filter(node -> !isWitness(node)).toList();
    }

    /** Whether exactly one node is active and all others with a database stream from it. */
    public boolean isSettled() {
        int active = 0;
        for (Host node : dataNodes()) {
            if (isActive(node)) {
                active++;
            } else if (!isStreaming(node)) {
                return false;
            }
        }
        return active == 1;
    }

    public NetworkLaboratory laboratory() {
        return laboratory;
    }

    public Path folder() {
        return folder;
    }

    /** Where the node's files are. */
    protected Path directory(Host node) {
        return folder.resolve(node.name());
    }

    protected void makeDirectory(Host node) throws IOException, InterruptedException {
        if (smallDisks) {
            disks.put(node, SmallDisk.mount(directory(node), DISK_MEGABYTES));
        } else {
            Files.createDirectories(directory(node));
        }
    }

    /** What can be done to this cluster here. */
    public Set<FaultKind> possible() throws InterruptedException {
        Set<FaultKind> kinds = EnumSet.allOf(FaultKind.class);
        if (!smallDisks) {
            kinds.remove(FaultKind.DISK_FULL);
        }
        if (laboratory.lossBy().isEmpty()) {
            kinds.remove(FaultKind.LOSS);
        }
        if (dataNodes().size() == laboratory.hosts().size()) {
            kinds.remove(FaultKind.WITNESS_KILL);
        }
        return kinds;
    }

    SmallDisk disk(Host node) {
        SmallDisk disk = disks.get(node);
        if (disk == null) {
            throw new IllegalStateException(node.name() + " has no disk of its own");
        }
        return disk;
    }

    /** Starts the node's supervisors unless they run. */
    public void startNode(Host node) throws IOException, InterruptedException {
        List<Process> running = supervisors.getOrDefault(node, List.of());
        if (running.isEmpty() || running.stream().anyMatch(process -> !process.isAlive())) {
            supervisors.put(node, startSupervisors(node));
        }
    }

    /** A process of a node, whose output goes to {@code NAME.out} beside the nodes' directories. */
    protected Process startOn(Host node, String name, List<String> command, Map<String, String> environment)
            throws IOException {
        Files.createDirectories(folder.resolve("log"));
        ProcessBuilder builder = new ProcessBuilder(laboratory.on(node, command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log")
                        .resolve(node.name() + "-" + name + ".out")
                        .toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /** The node's PostgreSQL processes, the postmaster first. */
    List<Long> databases(Host node) throws IOException {
        List<Long> found = new ArrayList<>();
        for (long pid : laboratory.processes(node)) {
            if (isPostgres(pid)) {
                Optional<ProcessHandle> parent = ProcessHandle.of(pid).flatMap(ProcessHandle::parent);
                if (parent.isPresent() && isPostgres(parent.get().pid())) {
                    found.add(pid);
                } else {
                    found.add(0, pid);
                }
            }
        }
        return found;
    }

    private static boolean isPostgres(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe"))
                    .getFileName()
                    .toString()
                    .equals("postgres");
        } catch (IOException e) {
            return false; // it has just ended
        }
    }

    /** Waits. @throws IOException if it does not come true in time */
    public static void await(String what, Duration patience, BooleanSupplier condition)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("not within " + patience.toSeconds() + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
    }

    /** Ends all processes of the nodes and gives their disks back. The laboratory stays. */
    @Override
    public void close() throws IOException {
        try {
            for (Host host : laboratory.hosts()) {
                Commands.signal("KILL", laboratory.processes(host));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before the nodes were ended", e);
        }
        for (Map.Entry<Host, SmallDisk> disk : disks.entrySet()) {
            keepLogs(disk.getKey());
            disk.getValue().close();
        }
    }

    /** What the node itself logged goes with its disk. */
    private void keepLogs(Host node) throws IOException {
        Path logs = directory(node).resolve("log");
        if (!Files.isDirectory(logs)) {
            return;
        }
        try (Stream<Path> files = Files.list(logs)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(
                        file,
                        folder.resolve("log").resolve(node.name() + "-" + file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
