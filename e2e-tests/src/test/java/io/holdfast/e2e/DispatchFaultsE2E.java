package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.e2e.FaultyManager.Victim;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL at random moments for everything that dispatches, while executions come due at random instants: each runs exactly once, none
 * before its time. A second scheduler-service shares the work and is killed like the rest.
 *
 * <p>{@code -Dholdfast.faults.executions=100000} makes it big, {@code -Dholdfast.faults.per-second=N} lets them come due
 * faster, {@code -Dholdfast.faults.seed=N} repeats a run's plan.
 */
class DispatchFaultsE2E {

    private static final int EXECUTIONS = Integer.getInteger("holdfast.faults.executions", 2_000);

    /** Those that have to wait for one another. */
    private static final int CONTENDING = 200;

    private static final long SEED = Long.getLong("holdfast.faults.seed", System.nanoTime());

    /** How many come due in a second; slower than what the test's machine works off in peace. */
    private static final int PER_SECOND = Integer.getInteger("holdfast.faults.per-second", 50);

    private static final Duration PATIENCE = Duration.ofMinutes(4).plusMillis(40L * EXECUTIONS);

    @TempDir
    Path folder;

    @Test
    void eachExecutionRunsExactlyOnceThoughEverythingIsKilled() throws Exception {
        System.out.println("the plan's seed: -Dholdfast.faults.seed=" + SEED);
        Random random = new Random(SEED);
        try (FaultyManager manager = FaultyManager.startWithSecondScheduler(folder.resolve("data"))) {
            // given: most have a deployment of their own, and of some 20 want the same one
            manager.tap();
            Duration window = Duration.ofSeconds(Math.max(20, EXECUTIONS / PER_SECOND));
            Map<String, Instant> due = manager.schedule(EXECUTIONS, EXECUTIONS, window, random);
            due.putAll(manager.schedule(CONTENDING, CONTENDING / 20, Duration.ofSeconds(10), random));
            Instant end = Instant.now().plus(window);

            // when: everything at least once, and on as long as executions come due
            Map<Victim, Integer> killed = new EnumMap<>(Victim.class);
            do {
                manager.killEachOnce(random, Duration.ofSeconds(4), killed);
            } while (Instant.now().isBefore(end));
            manager.awaitAllEnded(PATIENCE);

            // then
            manager.assertEachEndedExactlyOnce(due);
            assertThat(manager.number("SELECT count(*) FROM scheduler.executions WHERE status = 'queued'"))
                    .isZero();
            long again = FaultyManager.assertStartsAreRight(due, manager.tapped());
            System.out.printf(
                    "%d executions, killed %s: none lost, none twice, none early; %d start messages came a second time%n",
                    due.size(), killed, again);
        }
    }
}
