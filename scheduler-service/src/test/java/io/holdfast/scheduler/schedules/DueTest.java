package io.holdfast.scheduler.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A schedule of every ten minutes, from 00:00 on. */
class DueTest {

    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
    private static final Schedule.Key KEY = new Schedule.Key("default_tenant", "d", "s");

    @Test
    void anOccurrenceIsOnTimeWithinAMinuteAndTheSlip() {
        Instant at = SINCE.plus(Duration.ofMinutes(10));
        assertThat(due(Schedule.CatchUp.SKIP, 0, at, at.plusSeconds(60)).firing())
                .containsExactly(new Due.Firing(at, false));
        assertThat(due(Schedule.CatchUp.SKIP, 0, at, at.plusSeconds(61)).firing())
                .isEmpty();
        assertThat(due(Schedule.CatchUp.SKIP, 0, at, at.plusSeconds(61)).missed())
                .containsExactly(new Due.Missed(at, 1));
        assertThat(due(Schedule.CatchUp.SKIP, 5, at, at.plusSeconds(360)).firing())
                .hasSize(1);
    }

    @Test
    void skipMissesAllThatIsLateAndGoesOnWithTheFirstThatComes() {
        // given
        Instant now = SINCE.plus(Duration.ofMinutes(65));
        // when
        Due due = due(Schedule.CatchUp.SKIP, 0, SINCE, now);
        // then
        assertThat(due.missed()).hasSize(7);
        assertThat(due.firing()).isEmpty();
        assertThat(due.decided()).isEqualTo(7);
        assertThat(due.last()).isEqualTo(SINCE.plus(Duration.ofMinutes(60)));
        assertThat(due.next()).isEqualTo(SINCE.plus(Duration.ofMinutes(70)));
    }

    @Test
    void onceMakesUpForTheLatestOnly() {
        Due due = due(Schedule.CatchUp.ONCE, 0, SINCE, SINCE.plus(Duration.ofMinutes(65)));
        assertThat(due.missed()).hasSize(6);
        assertThat(due.firing()).containsExactly(new Due.Firing(SINCE.plus(Duration.ofMinutes(60)), true));
        assertThat(due.decided()).isEqualTo(7);
    }

    @Test
    void allMakesUpForAsManyAsTheLimit() {
        Due due = due(policy(Schedule.CatchUp.ALL, 0, 3), SINCE, SINCE.plus(Duration.ofMinutes(65)));
        assertThat(due.missed()).hasSize(4);
        assertThat(due.firing())
                .extracting(
                        firing -> Duration.between(SINCE, firing.occurrence()).toMinutes())
                .containsExactly(40L, 50L, 60L);
    }

    @Test
    void failNamesTheLatestLateOne() {
        Due due = due(Schedule.CatchUp.FAIL, 0, SINCE, SINCE.plus(Duration.ofMinutes(65)));
        assertThat(due.failed()).isEqualTo(SINCE.plus(Duration.ofMinutes(60)));
        assertThat(due.firing()).isEmpty();
        assertThat(due.missed()).hasSize(6);
        assertThat(due.decided()).isEqualTo(7);
    }

    @Test
    void whatIsMadeUpForComesBeforeWhatIsOnTime() {
        Due due = due(Schedule.CatchUp.ONCE, 0, SINCE, SINCE.plus(Duration.ofMinutes(60)));
        assertThat(due.firing())
                .containsExactly(
                        new Due.Firing(SINCE.plus(Duration.ofMinutes(50)), true),
                        new Due.Firing(SINCE.plus(Duration.ofMinutes(60)), false));
    }

    @Test
    void moreThanAHundredMissedOnesHaveOneRowForTheFirstOfThem() {
        Due due = due(
                Schedule.CatchUp.SKIP, 0, SINCE, SINCE.plus(Duration.ofDays(30)).plusSeconds(300));
        assertThat(due.missed()).hasSize(101);
        assertThat(due.missed().get(0)).isEqualTo(new Due.Missed(SINCE, 30 * 144 + 1 - 100));
        assertThat(due.decided()).isEqualTo(30 * 144 + 1);
    }

    @Test
    void noMoreThanAHundredAreStartedAtOnceAndTheOthersAreNext() {
        Due due = due(
                policy(Schedule.CatchUp.ALL, 0, 1_000),
                SINCE,
                SINCE.plus(Duration.ofDays(2)).plusSeconds(300));
        assertThat(due.firing()).hasSize(100);
        assertThat(due.next()).isEqualTo(SINCE.plus(Duration.ofMinutes(1_000)));
        assertThat(due.decided()).isEqualTo(100);
    }

    @Test
    void theLastOneHasNoneAfterIt() {
        // given
        Occurrences two = Occurrences.of(Map.of("recurrence", "10 minutes", "count", 2), SINCE, null);
        Instant last = SINCE.plus(Duration.ofMinutes(10));
        // when
        Due due = Due.of(policy(Schedule.CatchUp.SKIP, 0, 1), last, last, 1, two);
        // then
        assertThat(due.firing()).hasSize(1);
        assertThat(due.next()).isNull();
    }

    @Test
    void jitterIsTheSameForOneOccurrenceAndNeverNegativeNorTooLong() {
        Duration longest = Duration.ofSeconds(30);
        List<Duration> spread = java.util.stream.IntStream.range(0, 1_000)
                .mapToObj(minute -> Due.jitter(KEY, 30, SINCE.plus(Duration.ofMinutes(minute))))
                .toList();
        assertThat(spread).allMatch(jitter -> !jitter.isNegative() && jitter.compareTo(longest) <= 0);
        assertThat(spread.stream().distinct().count()).isGreaterThan(900);
        assertThat(Due.jitter(KEY, 30, SINCE)).isEqualTo(spread.get(0));
        assertThat(Due.jitter(KEY, 0, SINCE)).isZero();
    }

    private static Due due(Schedule.CatchUp catchUp, int slip, Instant next, Instant now) {
        return due(policy(catchUp, slip, 100), next, now);
    }

    private static Due due(Schedule.Policy policy, Instant next, Instant now) {
        return Due.of(policy, next, now, 0, Occurrences.of(Map.of("recurrence", "10 minutes"), SINCE, null));
    }

    private static Schedule.Policy policy(Schedule.CatchUp catchUp, int slip, int limit) {
        return new Schedule.Policy(slip, false, Schedule.Overlap.SKIP, catchUp, limit, 0, 5, null);
    }
}
