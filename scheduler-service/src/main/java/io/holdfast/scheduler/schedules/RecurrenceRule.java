package io.holdfast.scheduler.schedules;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One RRULE of RFC 5545 without its beginning. A list that is null was not given; the numbers in a list are distinct and ascending.
 *
 * @param count occurrences in all; null: no limit
 * @param until the last moment that counts; null: none
 * @param weekStart 0 (Monday) to 6, as all days of the week here
 * @param bySetPos null, or which members of each period's set count
 * @param byDay plain days of the week
 * @param byNthDay the n-th (or from the end) such day of the year or month; null: none
 * @param byEaster days after Easter Sunday; an addition of python-dateutil
 */
record RecurrenceRule(
        Frequency frequency,
        int interval,
        @Nullable Integer count,
        @Nullable Until until,
        int weekStart,
        int @Nullable [] bySetPos,
        int @Nullable [] byMonth,
        int @Nullable [] byMonthDay,
        int @Nullable [] byYearDay,
        int @Nullable [] byWeekNo,
        int @Nullable [] byDay,
        @Nullable List<NthDay> byNthDay,
        int @Nullable [] byEaster,
        int @Nullable [] byHour,
        int @Nullable [] byMinute,
        int @Nullable [] bySecond) {

    /** The most that a COUNT may be: what is counted must be walked over. */
    static final int MOST_COUNTED = 1_000_000;

    /** @param n from 1 on, or from the end, from -1 down */
    record NthDay(int n, int day) {}

    /** A time of an iCalendar property: on the wall clock of the schedule's zone, or (with an offset) of a zone of its own. */
    record Until(LocalDateTime local, @Nullable ZoneId zone) {

        private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss", Locale.ROOT);

        static Until parse(String text, @Nullable ZoneId zone) {
            String clean = text.strip().toUpperCase(Locale.ROOT);
            boolean utc = clean.endsWith("Z");
            String bare = utc ? clean.substring(0, clean.length() - 1) : clean;
            try {
                return new Until(
                        LocalDateTime.parse(bare.length() == 8 ? bare + "T000000" : bare, FORMAT),
                        utc ? ZoneOffset.UTC : zone);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(
                        "`" + text
                                + "` is not a time; expected is 20261231T235959, with Z if it is in UTC, or 20261231",
                        e);
            }
        }

        /** Seconds since 1970. A time in a gap is read with the offset before it, the first of two is meant. */
        long second(ZoneId scheduleZone) {
            return local.atZone(zone == null ? scheduleZone : zone).toEpochSecond();
        }
    }

    private static final List<String> DAYS = List.of("MO", "TU", "WE", "TH", "FR", "SA", "SU");

    private static final Pattern BY_DAY =
            Pattern.compile("([+-]?\\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)(?:\\(([+-]?\\d{1,2})\\))?");

    /** The value of an RRULE property. */
    static RecurrenceRule parse(String text) {
        Map<String, String> parts = parts(text);
        String frequency = parts.remove("FREQ");
        if (frequency == null) {
            throw bad("FREQ is missing");
        }
        Frequency freq = Stream.of(Frequency.values())
                .filter(known -> known.name().equals(frequency))
                .findFirst()
                .orElseThrow(() -> bad("FREQ=" + frequency + " is not one of "
                        + Stream.of(Frequency.values()).map(Enum::name).collect(Collectors.joining(", "))));
        String days = parts.remove("BYDAY");
        String until = parts.remove("UNTIL");
        RecurrenceRule rule = new RecurrenceRule(
                freq,
                number(parts, "INTERVAL", 1, Integer.MAX_VALUE, 1),
                parts.containsKey("COUNT") ? (Integer) number(parts, "COUNT", 1, MOST_COUNTED, 1) : null,
                until == null ? null : Until.parse(until, null),
                weekStart(parts.remove("WKST")),
                numbers(parts, "BYSETPOS", n -> n != 0 && Math.abs(n) <= 366, "1 to 366 or -366 to -1"),
                numbers(parts, "BYMONTH", n -> n >= 1 && n <= 12, "1 to 12"),
                numbers(parts, "BYMONTHDAY", n -> n != 0 && Math.abs(n) <= 31, "1 to 31 or -31 to -1"),
                numbers(parts, "BYYEARDAY", n -> n != 0 && Math.abs(n) <= 366, "1 to 366 or -366 to -1"),
                numbers(parts, "BYWEEKNO", n -> n != 0 && Math.abs(n) <= 53, "1 to 53 or -53 to -1"),
                plainDays(days, freq),
                nthDays(days, freq),
                numbers(parts, "BYEASTER", n -> Math.abs(n) <= 366, "-366 to 366"),
                numbers(parts, "BYHOUR", n -> n >= 0 && n <= 23, "0 to 23"),
                numbers(parts, "BYMINUTE", n -> n >= 0 && n <= 59, "0 to 59"),
                numbers(parts, "BYSECOND", n -> n >= 0 && n <= 59, "0 to 59"));
        if (!parts.isEmpty()) {
            throw bad("unknown part " + new TreeSet<>(parts.keySet()).first());
        }
        return rule;
    }

    /** Without a limit of its own, for a schedule that limits the whole series. */
    static RecurrenceRule of(Frequency frequency, int interval, @Nullable List<NthDay> days) {
        int[] plain = days == null || days.get(0).n() != 0
                ? null
                : new int[] {days.get(0).day()};
        return new RecurrenceRule(
                frequency,
                interval,
                null,
                null,
                0,
                null,
                null,
                null,
                null,
                null,
                plain,
                plain == null ? days : null,
                null,
                null,
                null,
                null);
    }

    /** Days of cron: every day or month, filtered. */
    static RecurrenceRule ofCron(
            int @Nullable [] months,
            int @Nullable [] monthDays,
            int @Nullable [] weekdays,
            @Nullable List<NthDay> nthDays,
            int[] hours,
            int[] minutes,
            int[] seconds) {
        return new RecurrenceRule(
                nthDays == null ? Frequency.DAILY : Frequency.MONTHLY,
                1,
                null,
                null,
                0,
                null,
                months,
                monthDays,
                null,
                null,
                weekdays,
                nthDays,
                null,
                hours,
                minutes,
                seconds);
    }

    /** For where the count is applied to the whole series. */
    RecurrenceRule uncounted() {
        return new RecurrenceRule(
                frequency,
                interval,
                null,
                until,
                weekStart,
                bySetPos,
                byMonth,
                byMonthDay,
                byYearDay,
                byWeekNo,
                byDay,
                byNthDay,
                byEaster,
                byHour,
                byMinute,
                bySecond);
    }

    private static Map<String, String> parts(String text) {
        Map<String, String> parts = new HashMap<>();
        for (String part : text.toUpperCase(Locale.ROOT).split(";")) {
            if (part.isBlank()) {
                continue;
            }
            String[] pair = part.strip().split("=", -1);
            if (pair.length != 2 || pair[1].isEmpty()) {
                throw bad("`" + part + "` is not NAME=value");
            }
            String name = pair[0].equals("BYWEEKDAY") ? "BYDAY" : pair[0];
            if (parts.put(name, pair[1]) != null) {
                throw bad(name + " is given twice");
            }
        }
        return parts;
    }

    private static int number(Map<String, String> parts, String name, int least, int most, int otherwise) {
        String text = parts.remove(name);
        if (text == null) {
            return otherwise;
        }
        long value = text.matches("\\+?\\d{1,10}") ? Long.parseLong(text) : -1;
        if (value < least || value > most) {
            throw bad(name + "=" + text + " is not a number from " + least + " to " + most);
        }
        return (int) value;
    }

    private static int @Nullable [] numbers(Map<String, String> parts, String name, IntPredicate legal, String range) {
        String text = parts.remove(name);
        if (text == null) {
            return null;
        }
        int[] numbers = Arrays.stream(text.split(",", -1))
                .mapToInt(item -> {
                    int value = item.matches("[+-]?\\d{1,3}") ? Integer.parseInt(item) : Integer.MIN_VALUE;
                    if (value == Integer.MIN_VALUE || !legal.test(value)) {
                        throw bad(name + "=" + item + " is not one of " + range);
                    }
                    return value;
                })
                .distinct()
                .sorted()
                .toArray();
        return numbers;
    }

    private static int weekStart(@Nullable String day) {
        if (day == null) {
            return 0;
        }
        if (!DAYS.contains(day)) {
            throw bad("WKST=" + day + " is not one of " + DAYS);
        }
        return DAYS.indexOf(day);
    }

    private static int @Nullable [] plainDays(@Nullable String text, Frequency frequency) {
        int[] plain = days(text).stream()
                .filter(day -> day.n() == 0 || frequency.compareTo(Frequency.MONTHLY) > 0)
                .mapToInt(NthDay::day)
                .distinct()
                .sorted()
                .toArray();
        return plain.length == 0 ? null : plain;
    }

    private static @Nullable List<NthDay> nthDays(@Nullable String text, Frequency frequency) {
        List<NthDay> nth = days(text).stream()
                .filter(day -> day.n() != 0 && frequency.compareTo(Frequency.MONTHLY) <= 0)
                .distinct()
                .toList();
        return nth.isEmpty() ? null : nth;
    }

    private static List<NthDay> days(@Nullable String text) {
        if (text == null) {
            return List.of();
        }
        return Arrays.stream(text.split(",", -1)).map(RecurrenceRule::day).toList();
    }

    private static NthDay day(String text) {
        Matcher parts = BY_DAY.matcher(text);
        if (!parts.matches() || (parts.group(1) != null && parts.group(3) != null)) {
            throw bad("BYDAY=" + text + " is not a day such as MO, 2TU or -1FR");
        }
        String n = parts.group(1) == null ? parts.group(3) : parts.group(1);
        int number = n == null ? 0 : Integer.parseInt(n);
        if (n != null && (number == 0 || Math.abs(number) > 53)) {
            throw bad("BYDAY=" + text + " is not within 1 to 53 or -53 to -1");
        }
        return new NthDay(number, DAYS.indexOf(parts.group(2)));
    }

    private static IllegalArgumentException bad(String why) {
        return new IllegalArgumentException(why);
    }
}
