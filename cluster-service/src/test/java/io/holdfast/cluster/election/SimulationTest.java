package io.holdfast.cluster.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cluster.election.World.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The election against an adversary, in many schedules. {@code -Dholdfast.simulation.schedules=N} sets how many,
 * {@code -Dholdfast.simulation.seed=S} runs the one that failed and prints what happened in it after it was shortened.
 */
class SimulationTest {

    private static final int STEPS = 120;
    private static final long SCHEDULES = Long.getLong("holdfast.simulation.schedules", 20_000);
    private static final @Nullable Long SEED = Long.getLong("holdfast.simulation.seed");

    /** In all but these no other node can be elected, by promise of docs/cluster-protocol.md. */
    private static final List<Topology> SURVIVE_ONE =
            List.of(Topology.THREE, Topology.FOUR, Topology.FIVE, Topology.TWO_AND_WITNESS);

    /** Enough for each mutant, with a margin. */
    private static final long MUTANT_SCHEDULES = 20_000;

    private record Failure(long seed, String what) {}

    @Test
    void noScheduleLosesAnAcknowledgedWriteOrStaysWithoutAnActiveNode() {
        LongAdder acknowledgements = new LongAdder();
        LongAdder promotions = new LongAdder();
        LongAdder switchovers = new LongAdder();
        LongAdder changes = new LongAdder();
        LongAdder forced = new LongAdder();
        LongStream seeds = SEED == null ? LongStream.range(0, SCHEDULES) : LongStream.of(SEED);
        Optional<Failure> failure = seeds.parallel()
                .mapToObj(seed -> {
                    World world = world(seed, Mutant.NONE);
                    Optional<Failure> found = run(world, seed, schedule(seed));
                    if (found.isEmpty() && (seed % 50 == 0 || SEED != null)) {
                        found = recovery(world, seed);
                    }
                    acknowledgements.add(world.acknowledgements);
                    promotions.add(world.promotions());
                    switchovers.add(world.switchovers);
                    changes.add(world.changes);
                    forced.add(world.forced);
                    return found;
                })
                .flatMap(Optional::stream)
                .findAny();
        assertThat(failure.map(found -> explain(found, Mutant.NONE))).isEmpty();
        if (SEED == null) {
            // A simulation in which nothing happens finds nothing.
            assertThat(acknowledgements.sum()).isGreaterThan(5 * SCHEDULES);
            assertThat(promotions.sum()).isGreaterThan(SCHEDULES);
            assertThat(changes.sum()).isGreaterThan(SCHEDULES / 10);
            assertThat(switchovers.sum()).isGreaterThan(SCHEDULES / 100);
        }
    }

    @TestFactory
    Stream<DynamicTest> everyMistakeIsFound() {
        return Arrays.stream(Mutant.values())
                .filter(mutant -> mutant != Mutant.NONE)
                .map(mutant -> DynamicTest.dynamicTest(mutant.name(), () -> {
                    Optional<Failure> failure = LongStream.range(0, MUTANT_SCHEDULES)
                            .parallel()
                            .mapToObj(seed -> run(world(seed, mutant), seed, schedule(seed)))
                            .flatMap(Optional::stream)
                            .findAny();
                    assertThat(failure).as("a schedule that finds " + mutant).isPresent();
                }));
    }

    @Test
    void aScheduleThatFailsIsShortened() {
        // given
        Mutant mutant = Mutant.ASYNCHRONOUS;
        long seed = LongStream.range(0, MUTANT_SCHEDULES)
                .filter(candidate -> run(world(candidate, mutant), candidate, schedule(candidate))
                        .isPresent())
                .findFirst()
                .orElseThrow();
        // when
        long[] shorter = shorten(seed, schedule(seed), mutant);
        // then
        assertThat(shorter.length).isLessThan(STEPS / 2);
        assertThat(run(world(seed, mutant), seed, shorter)).isPresent();
    }

    private static World world(long seed, Mutant mutant) {
        SplittableRandom random = new SplittableRandom(seed);
        Topology[] all = Topology.values();
        Topology topology = switch (mutant) {
            case RELAX_BEFORE_STORED, IN_SYNC_BEFORE_CAUGHT_UP -> Topology.TWO_AND_WITNESS;
            default -> seed % 2 == 0 ? Topology.THREE : all[random.nextInt(all.length)];
        };
        return new World(topology, mutant, random.nextBoolean());
    }

    private static long[] schedule(long seed) {
        return new SplittableRandom(~seed).longs(STEPS).toArray();
    }

    private static Optional<Failure> run(World world, long seed, long[] schedule) {
        for (long decision : schedule) {
            try {
                world.step(decision);
            } catch (Violation violation) {
                return Optional.of(new Failure(seed, violation.getMessage()));
            }
        }
        return Optional.empty();
    }

    @TestFactory
    Stream<DynamicTest> theActiveNodeIsReplaced() {
        return SURVIVE_ONE.stream()
                .map(topology -> DynamicTest.dynamicTest(topology.name(), () -> {
                    World world = new World(topology, Mutant.NONE, false);
                    assertThat(world.survivesTheLossOfTheActiveNode())
                            .as(world::describe)
                            .isTrue();
                }));
    }

    @TestFactory
    Stream<DynamicTest> aFullDiskHandsOver() {
        return SURVIVE_ONE.stream()
                .map(topology -> DynamicTest.dynamicTest(topology.name(), () -> {
                    World world = new World(topology, Mutant.NONE, false);
                    assertThat(world.handsOverWhenTheDiskIsFull())
                            .as(world::describe)
                            .isTrue();
                }));
    }

    @TestFactory
    Stream<DynamicTest> fullDisksEverywhereDoNotMakeOneElectionFollowTheOther() {
        return SURVIVE_ONE.stream()
                .map(topology -> DynamicTest.dynamicTest(topology.name(), () -> {
                    World world = new World(topology, Mutant.NONE, false);
                    // one at most: that of a node which did not know yet that the other disk is full, too
                    assertThat(world.electionsWhileAllDisksAreFull())
                            .as(world::describe)
                            .isLessThanOrEqualTo(1);
                }));
    }

    private static Optional<Failure> recovery(World world, long seed) {
        try {
            return world.recovers()
                    ? Optional.empty()
                    : Optional.of(new Failure(seed, "no node serves\n" + world.describe()));
        } catch (Violation violation) {
            return Optional.of(new Failure(seed, violation.getMessage()));
        }
    }

    /** Leaves out of a schedule what is not needed to fail: first halves of it, at last single decisions. */
    private static long[] shorten(long seed, long[] schedule, Mutant mutant) {
        long[] shortest = schedule;
        for (int chunk = schedule.length / 2; chunk > 0; chunk /= 2) {
            for (int from = 0; from < shortest.length; ) {
                long[] without = without(shortest, from, chunk);
                if (run(world(seed, mutant), seed, without).isPresent()) {
                    shortest = without;
                } else {
                    from += chunk;
                }
            }
        }
        return shortest;
    }

    private static long[] without(long[] schedule, int from, int count) {
        int to = Math.min(schedule.length, from + count);
        return LongStream.concat(Arrays.stream(schedule, 0, from), Arrays.stream(schedule, to, schedule.length))
                .toArray();
    }

    private static String explain(Failure failure, Mutant mutant) {
        long[] shortest = shorten(failure.seed(), schedule(failure.seed()), mutant);
        World world = world(failure.seed(), mutant);
        List<String> trace = world.trace();
        Optional<Failure> again = run(world, failure.seed(), shortest);
        List<String> end = new ArrayList<>(trace.subList(Math.max(0, trace.size() - 60), trace.size()));
        return "seed " + failure.seed() + ": " + failure.what() + "\nshortened to " + shortest.length + " decisions: "
                + again.map(Failure::what).orElse("fails only in the quiet time afterwards") + "\n"
                + String.join("\n", end);
    }
}
