package io.holdfast.scheduler.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Berlin: forward at 02:00 on 2026-03-29, back at 03:00 on 2026-10-25. */
class OccurrencesInZonesTest {

    private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # zone | gap | overlap | rule | since | after | three occurrences
            Europe/Berlin  | shift | first | FREQ=DAILY | 2026-03-27T08:00:00+01:00 | 2026-03-28T00:00:00Z | 2026-03-28T08:00:00+01:00 2026-03-29T08:00:00+02:00 2026-03-30T08:00:00+02:00
            Europe/Berlin  | shift | first | FREQ=DAILY | 2026-03-27T02:30:00+01:00 | 2026-03-28T00:00:00Z | 2026-03-28T02:30:00+01:00 2026-03-29T03:30:00+02:00 2026-03-30T02:30:00+02:00
            Europe/Berlin  | skip | first | FREQ=DAILY | 2026-03-27T02:30:00+01:00 | 2026-03-28T00:00:00Z | 2026-03-28T02:30:00+01:00 2026-03-30T02:30:00+02:00 2026-03-31T02:30:00+02:00
            Europe/Berlin  | shift | first | FREQ=DAILY | 2026-10-01T02:30:00+02:00 | 2026-10-24T12:00:00Z | 2026-10-25T02:30:00+02:00 2026-10-26T02:30:00+01:00 2026-10-27T02:30:00+01:00
            Europe/Berlin  | shift | second | FREQ=DAILY | 2026-10-01T02:30:00+02:00 | 2026-10-24T12:00:00Z | 2026-10-25T02:30:00+01:00 2026-10-26T02:30:00+01:00 2026-10-27T02:30:00+01:00
            Europe/Berlin  | shift | both | FREQ=DAILY | 2026-10-01T02:30:00+02:00 | 2026-10-24T12:00:00Z | 2026-10-25T02:30:00+02:00 2026-10-25T02:30:00+01:00 2026-10-26T02:30:00+01:00
            # both hours of an overlap in the order of time; what is shifted onto another is one with it, or goes before it
            Europe/Berlin  | shift | both | FREQ=DAILY;BYHOUR=2;BYMINUTE=0,30 | 2026-10-01T02:00:00+02:00 | 2026-10-25T00:00:00Z | 2026-10-25T02:30:00+02:00 2026-10-25T02:00:00+01:00 2026-10-25T02:30:00+01:00
            Europe/Berlin  | shift | first | FREQ=DAILY;BYHOUR=2,3;BYMINUTE=15 | 2026-03-01T02:15:00+01:00 | 2026-03-28T12:00:00Z | 2026-03-29T03:15:00+02:00 2026-03-30T02:15:00+02:00 2026-03-30T03:15:00+02:00
            Europe/Berlin  | shift | first | FREQ=DAILY;BYHOUR=2,3;BYMINUTE=5,45 | 2026-03-01T02:05:00+01:00 | 2026-03-28T12:00:00Z | 2026-03-29T03:05:00+02:00 2026-03-29T03:45:00+02:00 2026-03-30T02:05:00+02:00
            # steps of hours and minutes are time that passes
            Europe/Berlin  | shift | first | FREQ=HOURLY | 2026-03-28T00:30:00+01:00 | 2026-03-29T00:00:00Z | 2026-03-29T01:30:00+01:00 2026-03-29T03:30:00+02:00 2026-03-29T04:30:00+02:00
            Europe/Berlin  | shift | first | FREQ=HOURLY | 2026-10-24T00:30:00+02:00 | 2026-10-25T00:00:00Z | 2026-10-25T02:30:00+02:00 2026-10-25T02:30:00+01:00 2026-10-25T03:30:00+01:00
            Europe/Berlin  | shift | first | FREQ=HOURLY;INTERVAL=6 | 2026-03-28T00:00:00+01:00 | 2026-03-28T20:00:00Z | 2026-03-29T00:00:00+01:00 2026-03-29T07:00:00+02:00 2026-03-29T13:00:00+02:00
            # with hours named it is the wall clock again
            Europe/Berlin  | shift | first | FREQ=HOURLY;BYHOUR=2,8 | 2026-10-01T02:30:00+02:00 | 2026-10-25T00:00:00Z | 2026-10-25T02:30:00+02:00 2026-10-25T08:30:00+01:00 2026-10-26T02:30:00+01:00
            # a midnight that does not exist, half an hour, and a day that an island left out
            Africa/Cairo   | shift | first | FREQ=DAILY;BYHOUR=0;BYMINUTE=0;BYSECOND=0 | 2026-04-01T00:00:00+02:00 | 2026-04-22T23:00:00Z | 2026-04-24T01:00:00+03:00 2026-04-25T00:00:00+03:00 2026-04-26T00:00:00+03:00
            Australia/Lord_Howe| shift | first | FREQ=DAILY | 2026-10-01T02:15:00+10:30 | 2026-10-03T00:00:00Z | 2026-10-04T02:45:00+11:00 2026-10-05T02:15:00+11:00 2026-10-06T02:15:00+11:00
            Australia/Lord_Howe| shift | both | FREQ=DAILY | 2026-04-01T01:45:00+11:00 | 2026-04-04T00:00:00Z | 2026-04-05T01:45:00+11:00 2026-04-05T01:45:00+10:30 2026-04-06T01:45:00+10:30
            Australia/Lord_Howe| shift | first | FREQ=HOURLY | 2026-04-01T00:00:00+11:00 | 2026-04-04T13:59:00Z | 2026-04-05T01:00:00+11:00 2026-04-05T01:30:00+10:30 2026-04-05T02:30:00+10:30
            Pacific/Apia   | shift | first | FREQ=DAILY | 2011-12-01T08:00:00-10:00 | 2011-12-29T00:00:00Z | 2011-12-29T08:00:00-10:00 2011-12-31T08:00:00+14:00 2012-01-01T08:00:00+14:00
            # begun in the second of two hours: the begin is an occurrence
            Europe/Berlin  | shift | first | FREQ=DAILY | 2026-10-25T02:30:00+01:00 | 2026-10-25T00:00:00Z | 2026-10-25T02:30:00+01:00 2026-10-26T02:30:00+01:00 2026-10-27T02:30:00+01:00
            """)
    void rulesFollowTheWallClockOfTheirZone(
            String zone, String gap, String overlap, String rule, String since, String after, String expected) {
        assertThat(dates(Map.of("rrule", rule), zone, gap, overlap, since, after))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 8 * * * | 2026-03-28T00:00:00Z | 2026-03-28T08:00:00+01:00 2026-03-29T08:00:00+02:00 2026-03-30T08:00:00+02:00
            30 2 * * * | 2026-03-28T12:00:00Z | 2026-03-29T03:30:00+02:00 2026-03-30T02:30:00+02:00 2026-03-31T02:30:00+02:00
            */30 * * * * | 2026-10-25T00:10:00Z | 2026-10-25T02:30:00+02:00 2026-10-25T02:00:00+01:00 2026-10-25T02:30:00+01:00
            */30 * * * * | 2026-03-29T00:10:00Z | 2026-03-29T01:30:00+01:00 2026-03-29T03:00:00+02:00 2026-03-29T03:30:00+02:00
            @hourly | 2026-10-25T00:10:00Z | 2026-10-25T02:00:00+01:00 2026-10-25T03:00:00+01:00 2026-10-25T04:00:00+01:00
            0 0 L * * | 2026-02-01T00:00:00Z | 2026-02-28T00:00:00+01:00 2026-03-31T00:00:00+02:00 2026-04-30T00:00:00+02:00
            0 0 L-2 * ? | 2026-02-01T00:00:00Z | 2026-02-26T00:00:00+01:00 2026-03-29T00:00:00+01:00 2026-04-28T00:00:00+02:00
            0 9 * * FRI#2 | 2026-02-01T00:00:00Z | 2026-02-13T09:00:00+01:00 2026-03-13T09:00:00+01:00 2026-04-10T09:00:00+02:00
            0 9 ? * 5L | 2026-02-01T00:00:00Z | 2026-02-27T09:00:00+01:00 2026-03-27T09:00:00+01:00 2026-04-24T09:00:00+02:00
            0 9 * * 1#1,WED | 2026-02-01T00:00:00Z | 2026-02-02T09:00:00+01:00 2026-02-04T09:00:00+01:00 2026-02-11T09:00:00+01:00
            0 9 13 * FRI | 2026-02-06T12:00:00Z | 2026-02-13T09:00:00+01:00 2026-02-20T09:00:00+01:00 2026-02-27T09:00:00+01:00
            0 9 1 FEB-APR * | 2026-02-02T00:00:00Z | 2026-03-01T09:00:00+01:00 2026-04-01T09:00:00+02:00 2027-02-01T09:00:00+01:00
            0 9 * * 5-7 | 2026-02-05T12:00:00Z | 2026-02-06T09:00:00+01:00 2026-02-07T09:00:00+01:00 2026-02-08T09:00:00+01:00
            0 9 * * 0 | 2026-02-05T12:00:00Z | 2026-02-08T09:00:00+01:00 2026-02-15T09:00:00+01:00 2026-02-22T09:00:00+01:00
            15 0 9 * * * | 2026-02-05T12:00:00Z | 2026-02-06T09:00:15+01:00 2026-02-07T09:00:15+01:00 2026-02-08T09:00:15+01:00
            5/20 9-10/1 * * * | 2026-02-05T09:30:00Z | 2026-02-05T10:45:00+01:00 2026-02-06T09:05:00+01:00 2026-02-06T09:25:00+01:00
            @yearly | 2026-02-05T09:30:00Z | 2027-01-01T00:00:00+01:00 2028-01-01T00:00:00+01:00 2029-01-01T00:00:00+01:00
            0 0 29 2 * | 2026-02-05T09:30:00Z | 2028-02-29T00:00:00+01:00 2032-02-29T00:00:00+01:00 2036-02-29T00:00:00+01:00
            """)
    void cronFollowsTheWallClockOfItsZone(String cron, String after, String expected) {
        assertThat(dates(Map.of("cron", cron), "Europe/Berlin", "shift", "first", "2026-01-01T00:00:00+01:00", after))
                .isEqualTo(expected);
    }

    @Test
    void daysAndMonthsOfARecurrenceAreOfTheWallClockAndHoursAreNot() {
        String since = "2026-03-28T12:00:00+01:00";
        String after = "2026-03-28T12:00:00Z";
        assertThat(dates(Map.of("recurrence", "1 day"), "Europe/Berlin", "shift", "first", since, after))
                .startsWith("2026-03-29T12:00:00+02:00");
        assertThat(dates(Map.of("recurrence", "24 hours"), "Europe/Berlin", "shift", "first", since, after))
                .startsWith("2026-03-29T13:00:00+02:00");
    }

    @Test
    void whatIsSkippedDoesNotCountAndWhatComesTwiceCountsTwice() {
        String march = "2026-03-28T02:30:00+01:00";
        assertThat(dates(Map.of("rrule", "FREQ=DAILY;COUNT=2"), "Europe/Berlin", "skip", "first", march, march))
                .isEqualTo("2026-03-30T02:30:00+02:00");
        String october = "2026-10-24T02:30:00+02:00";
        assertThat(dates(Map.of("rrule", "FREQ=DAILY;COUNT=3"), "Europe/Berlin", "shift", "both", october, october))
                .isEqualTo("2026-10-25T02:30:00+02:00 2026-10-25T02:30:00+01:00");
    }

    @Test
    void timesOfACalendarTextAreOfTheZoneUnlessTheySayOtherwise() {
        String text = "DTSTART;TZID=America/New_York:20260601T080000\nRRULE:FREQ=DAILY;UNTIL=20260604T140000\n"
                + "EXDATE:20260602T140000\nRDATE:20260610T000000Z";
        assertThat(dates(
                        Map.of("rrule", text),
                        "Europe/Berlin",
                        "shift",
                        "first",
                        "2026-01-01T00:00:00Z",
                        "2026-01-01T00:00:00Z"))
                .isEqualTo("2026-06-01T14:00:00+02:00 2026-06-03T14:00:00+02:00 2026-06-04T14:00:00+02:00");
    }

    @ParameterizedTest
    @CsvSource({"Europe/Berlin", "UTC", "America/New_York"})
    void aRuleThatNeverComesTrueEnds(String zone) {
        for (String rule : List.of(
                "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
                "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
                "FREQ=DAILY;BYSETPOS=2",
                "RRULE:FREQ=SECONDLY\nEXRULE:FREQ=SECONDLY",
                "FREQ=MONTHLY;BYDAY=MO,2TU")) {
            assertThat(dates(
                            Map.of("rrule", rule),
                            zone,
                            "shift",
                            "first",
                            "2026-01-01T00:00:00Z",
                            "2026-01-01T00:00:00Z"))
                    .as(rule)
                    .isEmpty();
        }
    }

    private static String dates(
            Map<String, Object> rule, String zone, String gap, String overlap, String since, String after) {
        ZoneId id = ZoneId.of(zone);
        return String.join(
                " ",
                Occurrences.of(
                                ScheduleRule.of(rule),
                                id,
                                DstPolicy.of(gap, overlap),
                                OffsetDateTime.parse(since).toInstant(),
                                null)
                        .after(OffsetDateTime.parse(after).toInstant(), 3)
                        .stream()
                        .map((Instant at) -> SHOWN.format(at.atZone(id)))
                        .toList());
    }
}
