package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testsupport.PostgresServer;
import io.holdfast.testsupport.Requirements;
import io.holdfast.testsupport.faults.FaultKind;
import io.holdfast.testsupport.faults.FaultPlan;
import io.holdfast.testsupport.faults.FaultTrial;
import io.holdfast.testsupport.faults.FaultyCluster;
import io.holdfast.testsupport.faults.HoldfastCluster;
import io.holdfast.testsupport.faults.NetworkLaboratory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Agents and their PostgreSQL as real processes, each on a machine of its own, while clients write and one thing after the other
 * breaks: what was acknowledged is there afterwards, on all nodes, and no two nodes acknowledged at once.
 *
 * <p>{@code -Dholdfast.faults.count=N} makes it long, {@code -Dholdfast.faults.seed=N} repeats a run's plan.
 */
class FailoverE2E {

    private static final List<String> NODES = List.of("n1", "n2", "n3");
    private static final int FAULTS = Integer.getInteger("holdfast.faults.count", 8);
    private static final long SEED = Long.getLong("holdfast.faults.seed", System.nanoTime());

    /** Each of these must be survived; whether one of the others made a node fail over says more of the machine than of us. */
    private static final Set<FaultKind> KINDS = EnumSet.complementOf(EnumSet.of(FaultKind.FLAP, FaultKind.SHORT_PAUSE));

    /** A machine of tests is slow: it shall not take a busy moment for a fault. */
    private static final List<String> PATIENT =
            List.of("election.timeout.ms=3000", "heartbeat.ms=200", "lease.ms=2000", "probe.stale.ms=3000");

    @BeforeAll
    static void possible() throws Exception {
        Requirements.postgres();
        Optional<String> missing = NetworkLaboratory.missing();
        Assumptions.assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElseThrow());
        System.out.println("the plan's seed: -Dholdfast.faults.seed=" + SEED);
    }

    @Test
    void nothingThatWasAcknowledgedIsLostWhateverBreaks() throws Exception {
        Random random = new Random(SEED);
        try (NetworkLaboratory laboratory = NetworkLaboratory.open(NODES);
                FaultyCluster cluster = cluster(laboratory, Set.of())) {
            // given
            cluster.start();
            Set<FaultKind> kinds = EnumSet.copyOf(KINDS);
            kinds.retainAll(cluster.possible());

            // when
            FaultTrial.Outcome outcome =
                    new FaultTrial(cluster, random, System.out::println).run(FaultPlan.of(FAULTS, kinds, random));

            // then
            assertThat(outcome.violations()).isEmpty();
            assertThat(outcome.results()).hasSize(FAULTS);
            assertThat(outcome.acknowledged()).isPositive();
        }
    }

    @Test
    void twoNodesAndAWitnessHandOverAFullDiskAndSurviveTheLossOfEachOfThem() throws Exception {
        try (NetworkLaboratory laboratory = NetworkLaboratory.open(NODES);
                FaultyCluster cluster = cluster(laboratory, Set.of("n3"))) {
            // given
            cluster.start();
            List<FaultKind> plan = List.of(
                    FaultKind.DISK_FULL, FaultKind.WITNESS_KILL, FaultKind.NODE_KILL, FaultKind.STANDBY_PARTITION);

            // when
            FaultTrial.Outcome outcome = new FaultTrial(cluster, new Random(SEED), System.out::println).run(plan);

            // then
            assertThat(outcome.violations()).isEmpty();
            assertThat(outcome.results()).hasSize(plan.size());
            assertThat(outcome.results().get(0).failedOver())
                    .as("whose disk is full hands over")
                    .isTrue();
            assertThat(outcome.results().get(2).failedOver()).isTrue();
            assertThat(outcome.acknowledged()).isPositive();
        }
    }

    private static FaultyCluster cluster(NetworkLaboratory laboratory, Set<String> witnesses) throws IOException {
        Path folder = Files.createTempDirectory(
                "holdfast-failover",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        return new HoldfastCluster(
                laboratory,
                folder,
                System.getProperty("java.class.path"),
                PATIENT,
                PostgresServer.programs().orElseThrow(),
                true,
                witnesses);
    }
}
