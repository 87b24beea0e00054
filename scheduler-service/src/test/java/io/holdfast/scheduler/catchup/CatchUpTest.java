package io.holdfast.scheduler.catchup;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.scheduler.catchup.CatchUp.Missed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CatchUpTest {

    private static final Instant FIRST = Instant.parse("2020-03-13T03:30:00Z");
    private static final Instant T0 = Instant.parse("2020-03-13T06:00:00Z");

    /** From FIRST on, every so long, at most {@code count}. */
    private static Recurrence every(Duration step, @Nullable Integer count) {
        return (instant, max) -> {
            long behind = Math.floorDiv(Duration.between(FIRST, instant).toMillis(), step.toMillis()) + 1;
            long from = Math.max(0, behind);
            return Stream.iterate(from, n -> n + 1)
                    .limit(max)
                    .takeWhile(n -> count == null || n < count)
                    .map(n -> FIRST.plus(step.multipliedBy(n)))
                    .toList();
        };
    }

    private static Instant at(String time) {
        return Instant.parse("2020-03-13T" + time + ":00Z");
    }

    private static List<Missed> single(String... times) {
        return Stream.of(times).map(time -> new Missed(at(time), null)).toList();
    }

    @Test
    void skippedOnesAreEachNotedAndTheNextOneIsTheFirstAfterT0() {
        CatchUp decision = CatchUp.of(CatchUpPolicy.SKIP, 100, FIRST, T0, every(Duration.ofHours(1), null));
        assertThat(decision)
                .isEqualTo(new CatchUp(single("03:30", "04:30", "05:30"), null, 3, at("05:30"), at("06:30"), 3));
    }

    @Test
    void anOccurrenceExactlyAtT0WasMissed() {
        CatchUp decision = CatchUp.of(CatchUpPolicy.SKIP, 100, FIRST, at("05:30"), every(Duration.ofHours(1), null));
        assertThat(decision.last()).isEqualTo(at("05:30"));
        assertThat(decision.next()).isEqualTo(at("06:30"));
    }

    @Test
    void anOccurrenceAMicrosecondAfterT0WasNot() {
        CatchUp decision = CatchUp.of(
                CatchUpPolicy.SKIP, 100, FIRST, at("05:30").minusNanos(1000), every(Duration.ofHours(1), null));
        assertThat(decision.last()).isEqualTo(at("04:30"));
        assertThat(decision.next()).isEqualTo(at("05:30"));
    }

    @Test
    void onceLeavesTheLatestToTheLoop() {
        CatchUp decision = CatchUp.of(CatchUpPolicy.ONCE, 100, FIRST, T0, every(Duration.ofHours(1), null));
        assertThat(decision).isEqualTo(new CatchUp(single("03:30", "04:30"), null, 2, at("04:30"), at("05:30"), 3));
    }

    @Test
    void allLeavesAsManyAsTheLimitAllows() {
        CatchUp decision = CatchUp.of(CatchUpPolicy.ALL, 2, FIRST, T0, every(Duration.ofHours(1), null));
        assertThat(decision).isEqualTo(new CatchUp(single("03:30"), null, 1, at("03:30"), at("04:30"), 3));
        assertThat(CatchUp.of(CatchUpPolicy.ALL, 100, FIRST, T0, every(Duration.ofHours(1), null)))
                .isEqualTo(new CatchUp(List.of(), null, 0, null, FIRST, 3));
    }

    @Test
    void failMakesOneFailedExecutionForTheLatest() {
        CatchUp decision = CatchUp.of(CatchUpPolicy.FAIL, 100, FIRST, T0, every(Duration.ofHours(1), null));
        assertThat(decision)
                .isEqualTo(new CatchUp(single("03:30", "04:30"), at("05:30"), 3, at("05:30"), at("06:30"), 3));
    }

    @Test
    void missedOnesCountAgainstTheCountAndTheLastOneCompletesIt() {
        CatchUp decision = CatchUp.of(CatchUpPolicy.SKIP, 100, FIRST, T0, every(Duration.ofHours(1), 2));
        assertThat(decision).isEqualTo(new CatchUp(single("03:30", "04:30"), null, 2, at("04:30"), null, 2));
    }

    @Test
    void atMostAHundredRowsAndOneThatStandsForAllBefore() {
        CatchUp decision = CatchUp.of(CatchUpPolicy.SKIP, 100, FIRST, T0, every(Duration.ofMinutes(1), null));
        // 03:30 to 06:00, both included
        assertThat(decision.total()).isEqualTo(151);
        assertThat(decision.missed()).hasSize(101);
        assertThat(decision.missed().get(0))
                .isEqualTo(
                        new Missed(
                                FIRST,
                                "stands for 51 occurrences from 2020-03-13T03:30:00Z on, before those that have rows of their own"));
        assertThat(decision.missed().get(1).occurrenceAt()).isEqualTo(at("04:21"));
        assertThat(decision.missed().get(100).occurrenceAt()).isEqualTo(T0);
        assertThat(decision.decided()).isEqualTo(151);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsDecidedWhereNothingHasPassed(CatchUpPolicy policy) {
        assertThat(CatchUp.of(policy, 100, at("06:01"), T0, every(Duration.ofHours(1), null)))
                .isEqualTo(new CatchUp(List.of(), null, 0, null, at("06:01"), 0));
        assertThat(CatchUp.of(policy, 100, null, T0, every(Duration.ofHours(1), null)))
                .isEqualTo(new CatchUp(List.of(), null, 0, null, null, 0));
    }

    @Test
    void tooManyToCountAreLookedAtFromTheirEnd() {
        Instant t0 = FIRST.plusSeconds(3L * CatchUp.MOST_COUNTED);
        CatchUp decision = CatchUp.of(CatchUpPolicy.ALL, 3, FIRST, t0, every(Duration.ofSeconds(1), null));
        assertThat(decision.next()).isEqualTo(t0.minusSeconds(2));
        assertThat(decision.last()).isEqualTo(t0.minusSeconds(3));
        assertThat(decision.missed()).hasSize(101);
        assertThat(decision.missed().get(100).occurrenceAt()).isEqualTo(t0.minusSeconds(3));
        assertThat(decision.missed().get(0).detail()).startsWith("stands for at least ");
    }
}
