package io.holdfast.scheduler.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ManagerException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OccurrencesLikeDateutilTest {

    private static final Instant SINCE = Instant.parse("2026-01-31T10:20:30Z");

    static Stream<String> vectors() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                OccurrencesLikeDateutilTest.class.getResourceAsStream("/recurrence/rrule-vectors.csv"),
                StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.startsWith("#")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void rulesHaveTheOccurrencesThatDateutilFinds(String vector) {
        // given
        String[] fields = vector.split("\\|", -1);
        List<Instant> expected = Arrays.stream(fields[3].split(" "))
                .filter(text -> !text.isBlank())
                .map(Instant::parse)
                .toList();
        // when
        List<Instant> found = Occurrences.of(Map.of("rrule", fields[0]), Instant.parse(fields[1]), null)
                .after(Instant.parse(fields[2]), 5);
        // then
        assertThat(found).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "30 sec, 2026-01-31T10:21:00Z",
        "1min, 2026-01-31T10:21:30Z",
        "2 hours, 2026-01-31T12:20:30Z",
        "1 day, 2026-02-01T10:20:30Z",
        "2 weeks, 2026-02-14T10:20:30Z",
        "1 mo, 2026-03-31T10:20:30Z",
        "1 years, 2027-01-31T10:20:30Z",
    })
    void recurrenceGoesInItsUnitsFromTheBegin(String recurrence, String second) {
        Occurrences occurrences = Occurrences.of(Map.of("recurrence", recurrence), SINCE, null);
        assertThat(occurrences.next(SINCE.minusSeconds(1))).contains(SINCE);
        assertThat(occurrences.next(SINCE)).contains(Instant.parse(second));
    }

    @Test
    void onceIsAtTheBeginAndThenNeverAgain() {
        Occurrences once = Occurrences.of(Map.of("count", 1), SINCE, null);
        assertThat(once.after(SINCE.minusSeconds(1), 1000)).containsExactly(SINCE);
        assertThat(once.next(SINCE)).isEmpty();
    }

    @Test
    void countLimitsTheWholeSeriesNotWhatIsLeftOfIt() {
        Occurrences three = Occurrences.of(Map.of("recurrence", "1 day", "count", 3), SINCE, null);
        assertThat(three.after(SINCE.plus(Duration.ofDays(1)), 1000)).containsExactly(SINCE.plus(Duration.ofDays(2)));
    }

    @Test
    void weekdaysAreMergedAndTheirCountIsOfAll() {
        Occurrences occurrences = Occurrences.of(
                Map.of("recurrence", "1 week", "weekdays", List.of("mo", "TH"), "count", 3), SINCE, null);
        assertThat(occurrences.after(SINCE, 10))
                .containsExactly(
                        Instant.parse("2026-02-02T10:20:30Z"),
                        Instant.parse("2026-02-05T10:20:30Z"),
                        Instant.parse("2026-02-09T10:20:30Z"));
    }

    @Test
    void secondAndLastWeekdaysOfAMonth() {
        Occurrences occurrences =
                Occurrences.of(Map.of("recurrence", "1 month", "weekdays", List.of("2MO", "L-FR")), SINCE, null);
        assertThat(occurrences.after(SINCE, 3))
                .containsExactly(
                        Instant.parse("2026-02-09T10:20:30Z"),
                        Instant.parse("2026-02-27T10:20:30Z"),
                        Instant.parse("2026-03-09T10:20:30Z"));
    }

    @Test
    void endIsInclusive() {
        Instant until = SINCE.plus(Duration.ofDays(2));
        assertThat(Occurrences.of(Map.of("recurrence", "1 day"), SINCE, until).after(SINCE, 10))
                .containsExactly(SINCE.plus(Duration.ofDays(1)), until);
    }

    @Test
    void linesOfICalendarAreUnderstood() {
        Occurrences occurrences = Occurrences.of(
                Map.of(
                        "rrule",
                        "DTSTART:20260201T080000Z\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20260203T080000Z\nRDATE:20260301T000000Z"),
                SINCE,
                null);
        assertThat(occurrences.after(SINCE, 10))
                .containsExactly(
                        Instant.parse("2026-02-01T08:00:00Z"),
                        Instant.parse("2026-02-02T08:00:00Z"),
                        Instant.parse("2026-02-04T08:00:00Z"),
                        Instant.parse("2026-03-01T00:00:00Z"));
    }

    @Test
    void oldFastSchedulesAreNotWalkedFromTheirBegin() {
        Instant now = SINCE.plus(Duration.ofDays(365 * 40));
        assertThat(Occurrences.of(Map.of("recurrence", "1 second"), SINCE, null).after(now, 1000))
                .hasSize(1000)
                .startsWith(now.plusSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"FREQ=SOMETIMES", "hello", "FREQ=DAILY;COUNT=x", "FREQ=DAILY;UNTIL=soon", ";"})
    void brokenRulesAreRefused(String rrule) {
        assertThatThrownBy(() -> Occurrences.of(Map.of("rrule", rrule), SINCE, null))
                .isInstanceOf(ManagerException.class)
                .hasMessageStartingWith("invalid RRULE string provided: ");
    }

    static Stream<Map<String, Object>> badRules() {
        return Stream.of(
                Map.of("rrule", "FREQ=DAILY", "count", 2),
                Map.of("count", 2),
                Map.of(),
                Map.of("recurrence", "1 potato"),
                Map.of("recurrence", "0 days"),
                Map.of("recurrence", "1 day", "weekdays", List.of("2MO")),
                Map.of("recurrence", "1 day", "weekdays", List.of("ONEDAY")),
                Map.of("recurrence", "1 day", "weekdays", "MO"),
                Map.of("recurrence", "1 day", "count", 0));
    }

    @ParameterizedTest
    @MethodSource("badRules")
    void rulesThatTheApiRefusesAreRefused(Map<String, Object> rule) {
        assertThatThrownBy(() -> Occurrences.of(rule, SINCE, null)).isInstanceOf(ManagerException.class);
    }
}
