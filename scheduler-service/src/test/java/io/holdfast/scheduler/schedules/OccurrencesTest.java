package io.holdfast.scheduler.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ManagerException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Expected series are those of python-dateutil, which the product uses. */
class OccurrencesTest {

    /** A Wednesday. */
    private static final Instant SINCE = Instant.parse("2020-01-01T10:30:00.250Z");

    private static final Instant BEFORE = Instant.parse("2019-01-01T00:00:00Z");

    @Test
    void anIcalendarRuleRunsInUtc() {
        assertThat(dates(rrule("RRULE:FREQ=DAILY;INTERVAL=3"), BEFORE, 3))
                .containsExactly("2020-01-01T10:30:00Z", "2020-01-04T10:30:00Z", "2020-01-07T10:30:00Z");
    }

    @Test
    void occurrencesAreStrictlyAfterTheGivenTime() {
        // given
        Occurrences daily = of(rrule("FREQ=DAILY"), null);
        // when, then
        assertThat(daily.next(Instant.parse("2020-01-05T10:30:00Z"))).contains(Instant.parse("2020-01-06T10:30:00Z"));
        assertThat(daily.next(Instant.parse("2020-01-05T10:29:59.999Z")))
                .contains(Instant.parse("2020-01-05T10:30:00Z"));
    }

    @Test
    void aStartThatTheRuleDoesNotMatchIsNoOccurrence() {
        assertThat(dates(rrule("FREQ=WEEKLY;BYDAY=MO"), BEFORE, 2))
                .containsExactly("2020-01-06T10:30:00Z", "2020-01-13T10:30:00Z");
    }

    @Test
    void weekdaysAreOneSeriesEachAndTheCountCapsThemTogether() {
        // when
        List<String> dates = dates(rule(null, "1 week", 5, List.of("mo", "FR")), BEFORE, 10);
        // then
        assertThat(dates)
                .containsExactly(
                        "2020-01-03T10:30:00Z",
                        "2020-01-06T10:30:00Z",
                        "2020-01-10T10:30:00Z",
                        "2020-01-13T10:30:00Z",
                        "2020-01-17T10:30:00Z");
    }

    @Test
    void anOccurrenceInThePastStillCounts() {
        assertThat(dates(rule(null, "1 day", 3, List.of()), Instant.parse("2020-01-02T12:00:00Z"), 10))
                .containsExactly("2020-01-03T10:30:00Z");
    }

    @Test
    void theNthAndTheLastWeekdayOfAMonth() {
        assertThat(dates(rule(null, "1 month", null, List.of("2MO", "L-FR")), BEFORE, 4))
                .containsExactly(
                        "2020-01-13T10:30:00Z", "2020-01-31T10:30:00Z", "2020-02-10T10:30:00Z", "2020-02-28T10:30:00Z");
    }

    @Test
    void onceIsTheStartAndNothingAfterIt() {
        // given
        ScheduleRule once = rule(null, null, 1, List.of());
        // when, then
        assertThat(dates(once, BEFORE, 10)).containsExactly("2020-01-01T10:30:00Z");
        assertThat(dates(once, Instant.parse("2020-01-01T10:30:00Z"), 10)).isEmpty();
    }

    @Test
    void theEndIsTheLastMomentThatCounts() {
        // when, then
        assertThat(of(rrule("FREQ=DAILY"), Instant.parse("2020-01-02T10:30:00Z"))
                        .after(BEFORE, 10))
                .hasSize(2);
        assertThat(dates(rrule("FREQ=DAILY;UNTIL=20200103T103000Z"), BEFORE, 10))
                .hasSize(3);
        assertThat(dates(rrule("FREQ=DAILY;UNTIL=20200103"), BEFORE, 10)).hasSize(2);
        assertThat(dates(rrule("FREQ=DAILY;COUNT=4"), BEFORE, 10)).hasSize(4);
        assertThat(dates(rrule("FREQ=DAILY;COUNT=4"), Instant.parse("2020-01-03T11:00:00Z"), 10))
                .hasSize(1);
    }

    @Test
    void unitsHaveManySpellings() {
        for (String recurrence : List.of("2 weeks", "2w", "14 days", "14d", "336 hours", "336h", "20160 min")) {
            assertThat(dates(rule(null, recurrence, null, List.of()), BEFORE, 2))
                    .as(recurrence)
                    .containsExactly("2020-01-01T10:30:00Z", "2020-01-15T10:30:00Z");
        }
    }

    @Test
    void aFineRuleOfLongAgoIsFoundQuickly() {
        // given
        Occurrences everySecond = of(rule(null, "1 second", null, List.of()), null);
        Instant later = Instant.parse("2026-11-20T20:00:00.5Z");
        // when
        long start = System.nanoTime();
        // then
        assertThat(everySecond.next(later)).contains(Instant.parse("2026-11-20T20:00:01Z"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void aRuleByTheMinuteGoesOnAfterTheDaysThatItLeavesOut() {
        assertThat(dates(rule(null, "1 min", null, List.of("FR")), Instant.parse("2020-01-03T23:58:59Z"), 2))
                .containsExactly("2020-01-03T23:59:00Z", "2020-01-10T00:00:00Z");
        assertThat(dates(rrule("FREQ=MINUTELY;INTERVAL=2;BYMONTH=10"), BEFORE, 1))
                .containsExactly("2020-10-01T00:00:00Z");
    }

    @Test
    void aCountGoesOnOverTheDaysThatARuleByTheHourLeavesOut() {
        assertThat(dates(rule(null, "1 hour", 26, List.of("WE")), Instant.parse("2020-01-08T08:30:00Z"), 9))
                .containsExactly("2020-01-08T09:30:00Z", "2020-01-08T10:30:00Z", "2020-01-08T11:30:00Z");
    }

    @Test
    void aDayOfTheMonthInAYearlyRuleIsThatDayOfEveryMonth() {
        assertThat(dates(rrule("FREQ=YEARLY;INTERVAL=2;BYMONTHDAY=1"), BEFORE, 3))
                .containsExactly("2020-01-01T10:30:00Z", "2020-02-01T10:30:00Z", "2020-03-01T10:30:00Z");
    }

    @Test
    void aRuleThatNeverComesTrueHasNoOccurrences() {
        assertThat(dates(rrule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"), BEFORE, 1))
                .isEmpty();
    }

    @Test
    void whatIsNotARuleIsRefusedWithTheTextOfTheApi() {
        // when, then
        refused(Map.of("rrule", "FREQ=SOMETIMES"), "invalid RRULE string provided: FREQ=SOMETIMES");
        refused(Map.of("rrule", "daily"), "invalid RRULE string provided: daily");
        refused(
                Map.of("rrule", "FREQ=DAILY", "count", 2),
                "`rrule` cannot be provided together with `recurrence`, `weekdays` or `count`.");
        refused(
                Map.of("recurrence", "1 potato"),
                "`1 potato` is not a legal recurrence expression. Supported format is: <number>"
                        + " seconds|minutes|hours|days|weeks|months|years");
        refused(Map.of("count", 2), "recurrence must be specified for execution count larger than 1");
        refused(
                Map.of("weekdays", List.of("xx")),
                "weekdays list contains an invalid weekday `XX`. Valid weekdays are: MO|TU|WE|TH|FR|SA|SU or their lowercase"
                        + " values, optionally prefixed by 1-4 or l-/L-.");
        refused(
                Map.of("recurrence", "1 day", "weekdays", List.of("2MO")),
                "complex weekday expression 2MO can only be used with a months|years recurrence, but got day.");
        refused(Map.of("recurrence", "1 day", "weekdays", "MO"), "weekdays: expected a list, but got: MO");
    }

    @Test
    void aKnownOrdinalSparesTheWalk() {
        // given
        Occurrences ten = of(rule(null, "1 day", 10, List.of()), null);
        Instant seventh = Instant.parse("2020-01-07T10:30:00Z");
        // when, then
        assertThat(ten.countUntil(seventh, 100)).isEqualTo(7);
        assertThat(ten.after(seventh, 100, 7))
                .isEqualTo(ten.after(seventh, 100))
                .hasSize(3);
    }

    @Test
    void anEndOfTheScheduleHoldsBesidesThatOfTheRule() {
        assertThat(of(rrule("FREQ=DAILY;UNTIL=20200110"), Instant.parse("2020-01-03T00:00:00Z"))
                        .after(BEFORE, 10))
                .hasSize(2);
    }

    @Test
    void whatIsNotCronIsRefusedWithTheFieldThatIsWrong() {
        for (Map.Entry<String, String> wrong : Map.of(
                        "* * * *", "it has 4 fields",
                        "60 * * * *", "minute: `60` is not one of 0 to 59",
                        "0 24 * * *", "hour: `24`",
                        "0 0 0 * *", "day of month: `0`",
                        "0 0 * FOO *", "month: `FOO` is not one of 1 to 12 or a name such as JAN",
                        "0 0 * * 8", "day of week: `8`",
                        "*/0 * * * *", "has no step",
                        "5-1 * * * *", "runs backwards",
                        "@never", "@never is not one of",
                        "0 0 * * 1#6", "day of week: `1#6`")
                .entrySet()) {
            assertThatThrownBy(() -> of(ScheduleRule.of(Map.of("cron", wrong.getKey())), null))
                    .isInstanceOf(ManagerException.class)
                    .hasMessageStartingWith("invalid cron expression provided: " + wrong.getKey())
                    .hasMessageContaining(wrong.getValue());
        }
    }

    @Test
    void partsOutOfTheirRangeAreRefused() {
        for (String rule : List.of(
                "FREQ=DAILY;COUNT=0",
                "FREQ=DAILY;INTERVAL=0",
                "FREQ=DAILY;BYHOUR=24",
                "FREQ=DAILY;BYMINUTE=60",
                "FREQ=YEARLY;BYMONTH=13",
                "FREQ=YEARLY;BYMONTHDAY=0",
                "FREQ=YEARLY;BYYEARDAY=367",
                "FREQ=YEARLY;BYWEEKNO=54",
                "FREQ=YEARLY;BYSETPOS=0",
                "FREQ=MONTHLY;BYDAY=0MO",
                "FREQ=MONTHLY;BYDAY=XX",
                "FREQ=DAILY;FREQ=DAILY",
                "FREQ=DAILY;WKST=1",
                "FREQ=DAILY;X=1",
                "FREQ=HOURLY;INTERVAL=2;BYHOUR=1,3",
                "BYHOUR=1")) {
            refused(Map.of("rrule", rule), "invalid RRULE string provided: " + rule);
        }
    }

    @Test
    void absentAndNullPartsOfARuleAreTheSame() {
        // given
        Map<String, @Nullable Object> json = new HashMap<>();
        json.put("recurrence", "1 day");
        json.put("count", null);
        json.put("weekdays", Arrays.asList());
        // when, then
        assertThat(ScheduleRule.of(json)).isEqualTo(ScheduleRule.of(Map.of("recurrence", "1 day")));
    }

    private static void refused(Map<String, Object> json, String message) {
        assertThatThrownBy(() -> of(ScheduleRule.of(json), null))
                .isInstanceOf(ManagerException.class)
                .hasMessage(message);
    }

    private static ScheduleRule rrule(String text) {
        return rule(text, null, null, List.of());
    }

    private static Occurrences of(ScheduleRule rule, @Nullable Instant until) {
        return Occurrences.of(rule, SINCE, until);
    }

    private static List<String> dates(ScheduleRule rule, Instant after, int max) {
        return of(rule, null).after(after, max).stream().map(Instant::toString).toList();
    }

    private static ScheduleRule rule(
            @Nullable String rrule, @Nullable String recurrence, @Nullable Integer count, List<String> weekdays) {
        Map<String, @Nullable Object> json = new HashMap<>();
        json.put("rrule", rrule);
        json.put("recurrence", recurrence);
        json.put("count", count);
        json.put("weekdays", weekdays.isEmpty() ? null : weekdays);
        return ScheduleRule.of(json);
    }
}
