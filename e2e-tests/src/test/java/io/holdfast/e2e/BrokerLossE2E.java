package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The broker goes in the middle of the work, stays away for a while, and comes back without anything that it knew: what it lost is told
 * again, and each execution runs exactly once.
 *
 * <p>{@code -Dholdfast.faults.outage=60} lets it stay away for a minute, {@code -Dholdfast.faults.executions=N} takes more executions,
 * {@code -Dholdfast.faults.per-second=N} lets them come due faster.
 */
class BrokerLossE2E {

    private static final int EXECUTIONS = Integer.getInteger("holdfast.faults.executions", 1_000);
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("holdfast.faults.outage", 8));
    private static final long SEED = Long.getLong("holdfast.faults.seed", System.nanoTime());
    private static final int PER_SECOND = Integer.getInteger("holdfast.faults.per-second", 50);
    private static final Duration PATIENCE = Duration.ofMinutes(4).plusMillis(40L * EXECUTIONS);

    @TempDir
    Path folder;

    @Test
    void aBrokerThatComesBackEmptyLosesAndRepeatsNothing() throws Exception {
        System.out.println("the plan's seed: -Dholdfast.faults.seed=" + SEED);
        Random random = new Random(SEED);
        try (FaultyManager manager = FaultyManager.start(folder.resolve("data"))) {
            // given: executions that are due before, while and after the broker is away
            Duration before = Duration.ofSeconds(Math.max(5, EXECUTIONS / PER_SECOND / 3));
            Map<String, Instant> due =
                    manager.schedule(EXECUTIONS, EXECUTIONS, before.plus(OUTAGE).plus(before), random);
            FaultyManager.letItWork(before);

            // when
            manager.rabbit.kill();
            manager.rabbit.wipe();
            FaultyManager.letItWork(OUTAGE);
            long open = manager.open();
            manager.rabbit.startAgain();
            manager.awaitAllEnded(PATIENCE);

            // then
            manager.assertEachEndedExactlyOnce(due);
            assertThat(open)
                    .as("executions that were open when the broker came back")
                    .isPositive();
            System.out.printf(
                    "%d executions, the broker lost for %s with all it kept (%d were open): none lost, none twice, none early%n",
                    EXECUTIONS, OUTAGE, open);
        }
    }

    /** Handlers that still wait for the database have messages of the broker that was lost meanwhile. */
    @Test
    void aBrokerThatIsLostWhileTheDatabaseIsAwayIsConsumedOn() throws Exception {
        System.out.println("the plan's seed: -Dholdfast.faults.seed=" + SEED);
        Random random = new Random(SEED);
        try (FaultyManager manager = FaultyManager.start(folder.resolve("data"))) {
            for (int round = 0; round < 2; round++) {
                // given
                Map<String, Instant> due = manager.schedule(EXECUTIONS, EXECUTIONS, Duration.ofSeconds(3), random);
                FaultyManager.letItWork(Duration.ofSeconds(3));

                // when
                manager.postgres.killPostmaster();
                FaultyManager.letItWork(Duration.ofMillis(500 + random.nextInt(1_500)));
                manager.rabbit.kill();
                manager.rabbit.startAgain();
                FaultyManager.letItWork(Duration.ofMillis(random.nextInt(1_500)));
                manager.postgres.startAgain();

                // then
                manager.awaitAllEnded(PATIENCE);
                assertThat(due).hasSize(EXECUTIONS);
            }
            assertThat(manager.number("SELECT count(*) FROM workflow_control.taken WHERE execution_id LIKE 'fault-%'"))
                    .isEqualTo(2L * EXECUTIONS);
            manager.assertNothingParked();
        }
    }
}
