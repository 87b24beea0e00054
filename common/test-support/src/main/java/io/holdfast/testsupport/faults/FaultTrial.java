package io.holdfast.testsupport.faults;

import io.holdfast.testsupport.faults.NetworkLaboratory.Host;
import io.holdfast.testsupport.history.Acknowledgements;
import io.holdfast.testsupport.history.EpochChecker;
import io.holdfast.testsupport.history.ListAppendChecker;
import io.holdfast.testsupport.history.Operation;
import io.holdfast.testsupport.history.OperationLog;
import io.holdfast.testsupport.history.SetChecker;
import io.holdfast.testsupport.history.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.postgresql.Driver;

/** Faults one after the other while clients write, and what came of it. */
public final class FaultTrial {

    private static final Duration QUIET = Duration.ofMillis(500);
    private static final int QUIET_JITTER_MILLIS = 1_000;

    private final FaultyCluster cluster;
    private final NetworkLaboratory laboratory;
    private final Random random;
    private final Consumer<String> progress;
    private final Map<String, Process> clients = new LinkedHashMap<>();
    private final List<Done> done = new ArrayList<>();

    /**
     * A fault that was done and taken back.
     *
     * @param node to which it was done
     * @param failedOver whether the epoch has changed
     * @param outage longest time without an acknowledgement to any client, from the fault until all nodes were whole
     * @param rejoin from taking it back until all nodes were whole
     */
    public record Result(FaultKind kind, String node, boolean failedOver, Duration outage, Duration rejoin) {}

    /**
     * @param acknowledged inserts that were acknowledged
     * @param unknown operations that failed or never ended
     * @param salvaged inserts found in the salvage
     */
    public record Outcome(
            List<Result> results, List<Violation> violations, int acknowledged, int unknown, int salvaged) {

        public Outcome {
            results = List.copyOf(results);
            violations = List.copyOf(violations);
        }

        public long lost() {
            return violations.stream()
                    .filter(violation -> violation.rule() == Violation.Rule.ACKNOWLEDGED_WRITE_LOST)
                    .count();
        }

        /** Faults after which another node was active though they are no reason for it. */
        public List<Result> unexpectedFailOvers() {
            return results.stream()
                    .filter(result -> result.failedOver() && !result.kind().interrupts())
                    .toList();
        }
    }

    private record Done(
            FaultKind kind, String node, boolean failedOver, long atNanos, long backNanos, long wholeNanos) {}

    /** @param progress gets a line for each fault */
    public FaultTrial(FaultyCluster cluster, Random random, Consumer<String> progress) {
        this.cluster = cluster;
        this.laboratory = cluster.laboratory();
        this.random = random;
        this.progress = progress;
    }

    /** Does them all on a cluster that is started and whole. */
    public Outcome run(List<FaultKind> plan) throws IOException, InterruptedException, SQLException {
        makeTables();
        startClients();
        try {
            for (String client : clients.keySet()) {
                FaultyCluster.await("a write of client " + client, FaultyCluster.PATIENCE, () -> hasWritten(client));
            }
            for (FaultKind kind : plan) {
                rest();
                once(kind);
            }
            rest();
        } finally {
            stopClients();
        }
        return outcome();
    }

    private void once(FaultKind kind) throws IOException, InterruptedException {
        Host active = cluster.active().orElseThrow(() -> new IOException("a whole cluster has no active node"));
        List<Host> others = new ArrayList<>(kind == FaultKind.WITNESS_KILL ? laboratory.hosts() : cluster.dataNodes());
        others.removeIf(host -> host.equals(active) || kind == FaultKind.WITNESS_KILL && !cluster.isWitness(host));
        Host other = others.get(random.nextInt(others.size()));
        Host node = onAnother(kind) ? other : active;
        long epoch = cluster.epoch();
        long at = System.nanoTime();
        inflict(kind, active, other);
        TimeUnit.MILLISECONDS.sleep(kind.lasts().toMillis());
        takeBack(kind, active, other);
        long back = System.nanoTime();
        FaultyCluster.await(
                "all nodes whole after: " + kind.description() + " (" + node.name() + "); logs are below "
                        + cluster.folder(),
                FaultyCluster.PATIENCE,
                cluster::isSettled);
        long whole = System.nanoTime();
        boolean failedOver = cluster.epoch() != epoch;
        done.add(new Done(kind, node.name(), failedOver, at, back, whole));
        progress.accept(String.format(
                Locale.ROOT,
                "%3d  %-18s %s  %s  whole again after %.2f s",
                done.size(),
                kind,
                node.name(),
                failedOver ? "epoch " + epoch + " -> " + cluster.epoch() : "epoch " + epoch + " stays",
                (whole - back) / 1e9));
    }

    private static boolean onAnother(FaultKind kind) {
        return kind == FaultKind.STANDBY_KILL || kind == FaultKind.STANDBY_PARTITION || kind == FaultKind.WITNESS_KILL;
    }

    private void inflict(FaultKind kind, Host active, Host other) throws IOException, InterruptedException {
        switch (kind) {
            case NODE_KILL -> killNode(active);
            case STANDBY_KILL, WITNESS_KILL -> killNode(other);
            case POSTGRES_KILL ->
                Commands.signal("KILL", cluster.databases(active).subList(0, 1));
            case AGENT_KILL -> Commands.signal("KILL", cluster.agents(active));
            case NODE_PAUSE, SHORT_PAUSE -> Commands.signal("STOP", ofNode(active));
            case POSTGRES_PAUSE -> Commands.signal("STOP", cluster.databases(active));
            case AGENT_PAUSE -> Commands.signal("STOP", cluster.agents(active));
            case PARTITION, FLAP -> laboratory.isolate(active);
            case STANDBY_PARTITION -> laboratory.isolate(other);
            case DEAF_ACTIVE -> {
                for (Host each : others(active)) {
                    laboratory.drop(each, active);
                }
            }
            case MUTE_ACTIVE -> {
                for (Host each : others(active)) {
                    laboratory.drop(active, each);
                }
            }
            case PARTIAL_PARTITION -> {
                laboratory.drop(active, other);
                laboratory.drop(other, active);
            }
            case LOSS -> laboratory.lose(5);
            case DISK_FULL -> cluster.disk(active).fill();
            case SWITCHOVER -> cluster.switchOver(other);
        }
    }

    private void takeBack(FaultKind kind, Host active, Host other) throws IOException, InterruptedException {
        switch (kind) {
            case NODE_KILL, AGENT_KILL -> cluster.startNode(active);
            case STANDBY_KILL, WITNESS_KILL -> cluster.startNode(other);
            case NODE_PAUSE, SHORT_PAUSE, POSTGRES_PAUSE, AGENT_PAUSE -> Commands.signal("CONT", ofNode(active));
            case PARTITION, FLAP -> laboratory.connect(active);
            case STANDBY_PARTITION -> laboratory.connect(other);
            case DEAF_ACTIVE -> {
                for (Host each : others(active)) {
                    laboratory.restore(each, active);
                }
            }
            case MUTE_ACTIVE -> {
                for (Host each : others(active)) {
                    laboratory.restore(active, each);
                }
            }
            case PARTIAL_PARTITION -> {
                laboratory.restore(active, other);
                laboratory.restore(other, active);
            }
            case LOSS -> laboratory.loseNothing();
            case DISK_FULL -> {
                cluster.disk(active).free();
                cluster.startNode(active); // an agent that ended for want of room
            }
            case POSTGRES_KILL, SWITCHOVER -> {
                // nothing to take back: the cluster's own business
            }
        }
    }

    private List<Host> others(Host node) {
        return laboratory.hosts().stream().filter(host -> !host.equals(node)).toList();
    }

    /** All but the client beside it. */
    private List<Long> ofNode(Host node) throws IOException {
        List<Long> pids = new ArrayList<>(laboratory.processes(node));
        clients.values().forEach(client -> pids.remove(client.pid()));
        return pids;
    }

    /** Stopped first, so that nobody sees another one die, as when a machine loses its power. */
    private void killNode(Host node) throws IOException, InterruptedException {
        Commands.signal("STOP", ofNode(node));
        for (List<Long> pids = ofNode(node); !pids.isEmpty(); pids = ofNode(node)) {
            Commands.signal("KILL", pids);
        }
    }

    private void rest() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(QUIET.toMillis() + random.nextInt(QUIET_JITTER_MILLIS));
    }

    private void makeTables() throws SQLException, IOException {
        Host active = cluster.active().orElseThrow(() -> new IOException("a whole cluster has no active node"));
        try (Connection connection = DriverManager.getConnection(cluster.jdbcUrl(active));
                Statement sql = connection.createStatement()) {
            for (String table : FaultClient.TABLES) {
                sql.execute(table);
            }
        }
    }

    private void startClients() throws IOException {
        for (Host node : laboratory.hosts()) {
            List<String> command = client("w" + node.name(), node.name(), cluster.clientTargets(node));
            startClient("w" + node.name(), laboratory.on(node, command));
        }
        startClient("follower", client("follower", "", cluster.followerTargets()));
    }

    private List<String> client(String name, String beside, List<String> targets) {
        List<String> command = new ArrayList<>(List.of(
                Commands.java(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Commands.classPath(FaultClient.class, Driver.class),
                FaultClient.class.getName(),
                name,
                log(name).toString(),
                beside));
        command.addAll(targets);
        return command;
    }

    private void startClient(String name, List<String> command) throws IOException {
        Files.createDirectories(log(name).getParent());
        clients.put(
                name,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(cluster.folder()
                                .resolve("log")
                                .resolve("client-" + name + ".out")
                                .toFile()))
                        .start());
    }

    private boolean hasWritten(String client) {
        try {
            return Files.exists(log(client))
                    && OperationLog.read(client, log(client)).stream().anyMatch(Operation::acknowledged);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log(String client) {
        return cluster.folder().resolve("log").resolve(client + ".operations");
    }

    private void stopClients() throws IOException, InterruptedException {
        for (Map.Entry<String, Process> client : clients.entrySet()) {
            if (!client.getValue().isAlive()) {
                throw new IOException("the client " + client.getKey() + " has ended by itself; see "
                        + cluster.folder().resolve("log"));
            }
            client.getValue().getOutputStream().close();
        }
        for (Process client : clients.values()) {
            if (!client.waitFor(10, TimeUnit.SECONDS)) {
                client.destroyForcibly();
            }
        }
    }

    private Outcome outcome() throws IOException, InterruptedException, SQLException {
        List<Operation> operations = new ArrayList<>();
        for (String client : clients.keySet()) {
            operations.addAll(OperationLog.read(client, log(client)));
        }
        FaultyCluster.await("all nodes whole at the end", FaultyCluster.PATIENCE, cluster::isSettled);
        List<String> salvaged = cluster.salvaged();
        List<Violation> violations = new ArrayList<>(EpochChecker.check(operations));
        Host active = cluster.active().orElseThrow(() -> new IOException("a whole cluster has no active node"));
        State last = state(active);
        violations.addAll(SetChecker.check(operations, last.writes(), salvaged));
        violations.addAll(ListAppendChecker.check(operations, last.lists()));
        for (Host node : cluster.dataNodes()) {
            if (!node.equals(active)) {
                FaultyCluster.await(node.name() + " has what " + active.name() + " has", FaultyCluster.PATIENCE, () -> {
                    try {
                        return state(node).equals(last);
                    } catch (SQLException e) {
                        return false; // starting
                    }
                });
            }
        }
        Acknowledgements acknowledgements = new Acknowledgements(operations);
        List<Result> results = done.stream()
                .map(fault -> new Result(
                        fault.kind(),
                        fault.node(),
                        fault.failedOver(),
                        Duration.ofNanos(acknowledgements.longestGapNanos(fault.atNanos(), fault.wholeNanos())),
                        Duration.ofNanos(fault.wholeNanos() - fault.backNanos())))
                .toList();
        long unknown = operations.stream()
                .filter(operation -> !operation.acknowledged())
                .count();
        return new Outcome(results, violations, acknowledgements.count(), Math.toIntExact(unknown), salvaged.size());
    }

    private record State(List<String> writes, Map<String, List<String>> lists) {}

    private State state(Host node) throws SQLException {
        try (Connection connection = DriverManager.getConnection(cluster.jdbcUrl(node));
                Statement sql = connection.createStatement()) {
            List<String> writes = new ArrayList<>();
            try (ResultSet rows = sql.executeQuery("SELECT value FROM faults.writes ORDER BY value")) {
                while (rows.next()) {
                    writes.add(rows.getString(1));
                }
            }
            Map<String, List<String>> lists = new HashMap<>();
            try (ResultSet rows = sql.executeQuery("SELECT key, items FROM faults.lists")) {
                while (rows.next()) {
                    lists.put(rows.getString(1), List.of((String[])
                            rows.getArray(2).getArray()));
                }
            }
            return new State(writes, lists);
        }
    }
}
