package io.holdfast.benchmarks;

import io.holdfast.testsupport.PostgresServer;
import io.holdfast.testsupport.faults.FaultKind;
import io.holdfast.testsupport.faults.FaultPlan;
import io.holdfast.testsupport.faults.FaultTrial;
import io.holdfast.testsupport.faults.FaultyCluster;
import io.holdfast.testsupport.faults.HoldfastCluster;
import io.holdfast.testsupport.faults.NetworkLaboratory;
import io.holdfast.testsupport.faults.PatroniCluster;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** {@code ./holdfast bench failover}: how long nobody can write when something breaks, and whether anything is lost. */
final class FailoverBench {

    private static final PrintStream OUT = System.out;

    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int MISSING = 4;

    private static final List<String> NODES = List.of("n1", "n2", "n3");

    private static final List<String> AGENT_LIBRARIES = List.of(
            "main/io.holdfast.{cluster-service,contracts}-*.jar",
            "main/com.fasterxml.jackson.core.*.jar",
            "main/org.postgresql.postgresql-*.jar",
            "boot/*.jar");

    private FailoverBench() {}

    /** @return the exit code */
    static int run(List<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            OUT.print(FailoverOptions.USAGE);
            return 0;
        }
        FailoverOptions options;
        try {
            options = FailoverOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            OUT.println(e.getMessage());
            OUT.print(FailoverOptions.USAGE);
            return USAGE;
        }
        try {
            Optional<String> missing = missing(options);
            if (missing.isPresent()) {
                OUT.println("bench failover cannot run here: " + missing.get());
                return MISSING;
            }
            return measure(options);
        } catch (IOException | SQLException e) {
            e.printStackTrace(OUT);
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private static Optional<String> missing(FailoverOptions options) throws InterruptedException {
        if (PostgresServer.programs().isEmpty()) {
            return Optional.of("PostgreSQL's own programs are not installed (Debian: apt-get install postgresql)");
        }
        Optional<String> laboratory = NetworkLaboratory.missing();
        return laboratory.isPresent() || options.peer() == null ? laboratory : PatroniCluster.missing();
    }

    private static int measure(FailoverOptions options) throws IOException, InterruptedException, SQLException {
        OUT.println("seed " + options.seed());
        FaultTrial.Outcome ours;
        try (NetworkLaboratory laboratory = NetworkLaboratory.open(NODES)) {
            OUT.println(
                    "loss of packets: " + laboratory.lossBy().orElse("left out, neither netem in the kernel nor nft"));
            try (FaultyCluster cluster = new HoldfastCluster(
                    laboratory,
                    folder(),
                    agentClassPath(),
                    List.of(),
                    programs(),
                    options.smallDisks(),
                    witnesses(options))) {
                ours = trial(cluster, options, options.faults());
            }
        }
        FailoverReport report = new FailoverReport(ours);
        print("holdfast", ours, report);
        List<String> fields = new ArrayList<>(List.of("\"bench\":\"failover\"", "\"seed\":" + options.seed()));
        fields.addAll(report.fields(""));
        fields.add("\"kinds\":" + report.kinds());
        if (options.peer() != null) {
            FaultTrial.Outcome theirs;
            try (NetworkLaboratory laboratory = NetworkLaboratory.open(NODES);
                    FaultyCluster cluster = new PatroniCluster(
                            laboratory, folder(), programs(), options.peer(), options.smallDisks())) {
                theirs = trial(cluster, options, options.peerFaults());
            }
            FailoverReport peerReport = new FailoverReport(theirs);
            print("patroni, " + options.peer(), theirs, peerReport);
            fields.addAll(peerReport.fields("peer_"));
            fields.add("\"peer_kinds\":" + peerReport.kinds());
        }
        OUT.println("{" + String.join(",", fields) + "}");
        return ours.violations().isEmpty() ? 0 : FAILED;
    }

    private static FaultTrial.Outcome trial(FaultyCluster cluster, FailoverOptions options, int faults)
            throws IOException, InterruptedException, SQLException {
        cluster.start();
        OUT.println("the nodes are up, data and logs below " + cluster.folder());
        Set<FaultKind> kinds = EnumSet.copyOf(options.kinds());
        kinds.retainAll(cluster.possible());
        if (kinds.isEmpty()) {
            throw new IOException("none of " + options.kinds()
                    + " can be done here; disk_full needs --small-disks, witness_kill --witness");
        }
        Random random = new Random(options.seed());
        List<FaultKind> plan = FaultPlan.of(faults, kinds, random);
        return new FaultTrial(cluster, random, OUT::println).run(plan);
    }

    private static Set<String> witnesses(FailoverOptions options) {
        return options.witness() ? Set.of(NODES.get(NODES.size() - 1)) : Set.of();
    }

    private static void print(String who, FaultTrial.Outcome outcome, FailoverReport report) {
        OUT.printf(
                "%s: %d inserts acknowledged, %d operations unknown, %d rows salvaged, %d acknowledged writes lost%n",
                who, outcome.acknowledged(), outcome.unknown(), outcome.salvaged(), outcome.lost());
        report.table().forEach(OUT::println);
        outcome.violations().stream().limit(20).forEach(OUT::println);
        outcome.unexpectedFailOvers().forEach(result -> OUT.println("no reason to fail over: " + result));
    }

    /** Others may look into it: PostgreSQL runs as another user than root. */
    private static Path folder() throws IOException {
        return Files.createTempDirectory(
                "holdfast-failover",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }

    private static Path programs() {
        return PostgresServer.programs()
                .orElseThrow(() -> new IllegalStateException("PostgreSQL was there a moment ago"));
    }

    /** Those of the standalone manager's libraries that {@code ./holdfast up --nodes} runs agents with, too. */
    private static String agentClassPath() throws IOException {
        String given = System.getProperty("holdfast.bench.agent.class-path", "");
        if (!given.isEmpty()) {
            return given;
        }
        Path libraries = Path.of(System.getProperty("holdfast.standalone.jar", ""))
                .toAbsolutePath()
                .resolveSibling("lib");
        List<String> jars = new ArrayList<>();
        for (String pattern : AGENT_LIBRARIES) {
            String[] parts = pattern.split("/", 2);
            try (DirectoryStream<Path> found = Files.newDirectoryStream(libraries.resolve(parts[0]), parts[1])) {
                found.forEach(jar -> jars.add(jar.toString()));
            }
        }
        return String.join(File.pathSeparator, jars);
    }
}
