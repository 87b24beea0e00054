package io.holdfast.scheduler.schedules.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.scheduler.schedules.ScheduleRule;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;
import org.jspecify.annotations.Nullable;

/**
 * The occurrences of one schedule, in UTC, to the second. What counts is the rule, its begin and its end; nothing here knows what time
 * it is. The semantics are those of python-dateutil, which the API's original uses: a begin that the rule does not match is no
 * occurrence, {@code COUNT} and a schedule's count limit the whole series, an end is inclusive, and months without the begin's day are
 * passed over.
 */
public final class Occurrences {

    /** A rule that matches (almost) never must not be searched for ever. */
    private static final int LONGEST_SEARCH = 5_000_000;

    /** A rule that allows no day within this (the 29th of February included) allows none. */
    private static final int LONGEST_GAP_DAYS = 9 * 366;

    /** By name: the library's classes of rule and part must not be loaded in the other order. */
    private static final Set<String> DAY_PARTS = Set.of("BYDAY", "BYMONTH");

    private static final Pattern YEARLY_BY_DAY_OF_MONTH =
            Pattern.compile("(?=.*FREQ=YEARLY)(?=.*BYMONTHDAY=)(?!.*(BYMONTH|BYWEEKNO|BYYEARDAY)=).*");

    private static final DateTimeFormatter ICAL = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss", Locale.ROOT);

    private final Supplier<Series> series;
    private final @Nullable Instant until;
    private final @Nullable Integer count;

    private Occurrences(Supplier<Series> series, @Nullable Instant until, @Nullable Integer count) {
        this.series = series;
        this.until = until;
        this.count = count;
    }

    /**
     * @param rule JSON of the schedule's rule
     * @param since begin of the schedule
     * @param until its end, inclusive; null: none. A rule's own UNTIL goes first
     * @throws ManagerException BAD_PARAMETERS if the rule is not one
     */
    public static Occurrences of(Map<String, ? extends @Nullable Object> rule, Instant since, @Nullable Instant until) {
        return of(ScheduleRule.of(rule), since, until);
    }

    public static Occurrences of(ScheduleRule rule, Instant since, @Nullable Instant until) {
        Instant begin = since.truncatedTo(ChronoUnit.SECONDS);
        if (rule instanceof ScheduleRule.Once once) {
            return new Occurrences(() -> single(begin, once), until, 1);
        }
        if (rule instanceof ScheduleRule.Recurring recurring) {
            return recurring(recurring, begin, until);
        }
        String text = ((ScheduleRule.ICalendar) rule).text();
        try {
            return ICalendarText.parse(text, begin, until);
        } catch (IllegalArgumentException e) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "invalid RRULE string provided: " + text,
                    e.getMessage() + "; a rule of RFC 5545 is, for example, FREQ=WEEKLY;BYDAY=MO,TH;COUNT=10",
                    e);
        }
    }

    /** The first occurrence strictly after {@code instant}. */
    public Optional<Instant> next(Instant instant) {
        return after(instant, 1).stream().findFirst();
    }

    /** The first {@code max} occurrences strictly after {@code instant}, in order. */
    public List<Instant> after(Instant instant, int max) {
        List<Instant> found = new ArrayList<>();
        Series walk = series.get();
        int counted = 0;
        if (count == null) {
            walk.skipTo(instant);
        }
        for (int steps = 0; steps < LONGEST_SEARCH && found.size() < max; steps++) {
            Instant next = walk.next();
            if (next == null || (until != null && next.isAfter(until)) || (count != null && counted++ >= count)) {
                break;
            }
            if (next.isAfter(instant)) {
                found.add(next);
            }
        }
        return found;
    }

    /** An ascending series of distinct instants. */
    private interface Series {

        @Nullable
        Instant next();

        /** Passes over what is before {@code instant}, where that is cheap. */
        void skipTo(Instant instant);
    }

    private static Series single(Instant begin, ScheduleRule.Once once) {
        DayOfWeek day = begin.atZone(ZoneOffset.UTC).getDayOfWeek();
        boolean matches = once.weekdays().isEmpty()
                || once.weekdays().stream().anyMatch(weekday -> weekday.day().equals(twoLetters(day)));
        return new Dates(matches ? List.of(begin) : List.of());
    }

    private static Occurrences recurring(ScheduleRule.Recurring rule, Instant begin, @Nullable Instant until) {
        Duration fixed = fixedLength(rule);
        if (fixed != null) {
            return new Occurrences(() -> new Steps(begin, fixed, date -> true, null), until, rule.count());
        }
        String base = "FREQ=" + rule.unit().frequency() + ";INTERVAL=" + rule.interval();
        List<RecurrenceRule> rules = new ArrayList<>();
        if (rule.weekdays().isEmpty()) {
            rules.add(parse(base));
        }
        rule.weekdays().forEach(weekday -> rules.add(parse(base + ";BYDAY=" + weekday.byDay())));
        return new Occurrences(() -> new Merged(series(rules, begin), Set.of()), until, rule.count());
    }

    /** Units of which each is as long as the others, in UTC. */
    private static @Nullable Duration fixedLength(ScheduleRule.Recurring rule) {
        if (!rule.weekdays().isEmpty()) {
            return null;
        }
        return switch (rule.unit()) {
            case SECOND -> Duration.ofSeconds(rule.interval());
            case MINUTE -> Duration.ofMinutes(rule.interval());
            case HOUR -> Duration.ofHours(rule.interval());
            case DAY -> Duration.ofDays(rule.interval());
            case WEEK -> Duration.ofDays(7L * rule.interval());
            case MONTH, YEAR -> null;
        };
    }

    private static List<Series> series(List<RecurrenceRule> rules, Instant begin) {
        List<Series> all = new ArrayList<>();
        rules.forEach(rule -> all.add(series(rule, begin)));
        return all;
    }

    /** Steps of our own for what happens many times on some days only: the library gives up when it has to pass over many days. */
    private static Series series(RecurrenceRule rule, Instant begin) {
        Duration unit = switch (rule.getFreq()) {
            case HOURLY -> Duration.ofHours(1);
            case MINUTELY -> Duration.ofMinutes(1);
            case SECONDLY -> Duration.ofSeconds(1);
            default -> null;
        };
        Predicate<LocalDate> days = unit == null ? null : daysOf(rule);
        if (unit == null || days == null) {
            try {
                return new Library(rule.iterator(new DateTime(begin.toEpochMilli())));
            } catch (IllegalArgumentException tooManyEmptySets) {
                return new Dates(List.of());
            }
        }
        return new Steps(begin, unit.multipliedBy(Math.max(1, rule.getInterval())), days, rule.getCount());
    }

    /** Which days a rule allows; null if it also has parts that choose times within a day. */
    private static @Nullable Predicate<LocalDate> daysOf(RecurrenceRule rule) {
        for (RecurrenceRule.Part part : RecurrenceRule.Part.values()) {
            if (part.name().startsWith("BY") && !DAY_PARTS.contains(part.name()) && rule.hasPart(part)) {
                return null;
            }
        }
        Set<String> weekdays = new HashSet<>();
        if (rule.hasPart(RecurrenceRule.Part.BYDAY)) {
            for (RecurrenceRule.WeekdayNum weekday : rule.getByDayPart()) {
                if (weekday.pos != 0) {
                    return null;
                }
                weekdays.add(weekday.weekday.name());
            }
        }
        // The library counts months from 0.
        Set<Integer> months = new HashSet<>();
        if (rule.hasPart(RecurrenceRule.Part.BYMONTH)) {
            rule.getByPart(RecurrenceRule.Part.BYMONTH).forEach(month -> months.add(month + 1));
        }
        return date -> (weekdays.isEmpty() || weekdays.contains(twoLetters(date.getDayOfWeek())))
                && (months.isEmpty() || months.contains(date.getMonthValue()));
    }

    private static String twoLetters(DayOfWeek day) {
        return day.name().substring(0, 2);
    }

    private static RecurrenceRule parse(String text) {
        try {
            // A yearly rule by day of the month means every month (RFC 5545, section 3.3.10, the table); the library
            // means the begin's.
            String everyMonth = YEARLY_BY_DAY_OF_MONTH.matcher(text).matches()
                    ? text + ";BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12"
                    : text;
            return new RecurrenceRule(everyMonth, RecurrenceRule.RfcMode.RFC5545_STRICT);
        } catch (InvalidRecurrenceRuleException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Equal steps on the days that are allowed: each is a multiplication away. */
    private static final class Steps implements Series {

        private final Instant begin;
        private final long stepSeconds;
        private final Predicate<LocalDate> days;
        private final @Nullable Integer count;
        private long index;
        private int given;

        Steps(Instant begin, Duration step, Predicate<LocalDate> days, @Nullable Integer count) {
            this.begin = begin;
            this.stepSeconds = step.toSeconds();
            this.days = days;
            this.count = count;
        }

        @Override
        public @Nullable Instant next() {
            if (count != null && given >= count) {
                return null;
            }
            for (int day = 0; day < LONGEST_GAP_DAYS; day++) {
                Instant at = begin.plusSeconds(stepSeconds * index);
                LocalDate date = LocalDate.ofInstant(at, ZoneOffset.UTC);
                if (days.test(date)) {
                    index++;
                    given++;
                    return at;
                }
                Instant midnight = date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
                index = ceil(Duration.between(begin, midnight).toSeconds(), stepSeconds);
            }
            return null;
        }

        @Override
        public void skipTo(Instant instant) {
            if (count == null && instant.isAfter(begin)) {
                index = Duration.between(begin, instant).toSeconds() / stepSeconds;
            }
        }

        private static long ceil(long dividend, long divisor) {
            return Math.floorDiv(dividend + divisor - 1, divisor);
        }
    }

    /** What the library finds. It ends where the library says that a rule matches nothing any more. */
    private static final class Library implements Series {

        private final RecurrenceRuleIterator rule;

        Library(RecurrenceRuleIterator rule) {
            this.rule = rule;
        }

        @Override
        public @Nullable Instant next() {
            try {
                return rule.hasNext() ? Instant.ofEpochMilli(rule.nextMillis()) : null;
            } catch (IllegalArgumentException tooManyEmptySets) {
                return null;
            }
        }

        @Override
        public void skipTo(Instant instant) {
            try {
                rule.fastForward(instant.toEpochMilli());
            } catch (IllegalArgumentException tooManyEmptySets) {
                // Then next() meets the same and ends.
                return;
            }
        }
    }

    /** Single dates, in order. */
    private static final class Dates implements Series {

        private final Deque<Instant> left;

        Dates(List<Instant> dates) {
            this.left = new ArrayDeque<>(dates.stream().sorted().toList());
        }

        @Override
        public @Nullable Instant next() {
            return left.poll();
        }

        @Override
        public void skipTo(Instant instant) {
            while (!left.isEmpty() && left.peek().isBefore(instant)) {
                left.poll();
            }
        }
    }

    /** Several series in one order, without what is excluded; an instant of several is one. */
    private static final class Merged implements Series {

        private final List<Series> parts;
        private final PriorityQueue<Head> heads = new PriorityQueue<>();
        private final Set<Instant> excluded;
        private boolean begun;
        private @Nullable Instant last;

        private record Head(Instant at, Series rest) implements Comparable<Head> {

            @Override
            public int compareTo(Head other) {
                return at.compareTo(other.at);
            }
        }

        Merged(List<Series> parts, Set<Instant> excluded) {
            this.parts = parts;
            this.excluded = excluded;
        }

        @Override
        public @Nullable Instant next() {
            if (!begun) {
                begun = true;
                parts.forEach(this::advance);
            }
            while (!heads.isEmpty()) {
                Head head = heads.poll();
                advance(head.rest());
                if (!head.at().equals(last) && !excluded.contains(head.at())) {
                    last = head.at();
                    return head.at();
                }
            }
            return null;
        }

        /** Before the first {@link #next} only. */
        @Override
        public void skipTo(Instant instant) {
            parts.forEach(part -> part.skipTo(instant));
        }

        private void advance(Series part) {
            Instant next = part.next();
            if (next != null) {
                heads.add(new Head(next, part));
            }
        }
    }

    /** RRULE, RDATE, EXDATE and DTSTART lines, or a bare rule. */
    private static final class ICalendarText {

        private ICalendarText() {}

        static Occurrences parse(String text, Instant since, @Nullable Instant until) {
            Instant begin = since;
            List<String> rules = new ArrayList<>();
            List<Instant> dates = new ArrayList<>();
            Set<Instant> excluded = new HashSet<>();
            for (String line : text.strip().split("[\\r\\n]+|\\\\n")) {
                int colon = line.indexOf(':');
                String name = colon < 0
                        ? "RRULE"
                        : line.substring(0, colon).split(";", 2)[0].strip().toUpperCase(Locale.ROOT);
                String value = line.substring(colon + 1).strip();
                switch (name) {
                    case "RRULE" -> rules.add(value);
                    case "DTSTART" -> begin = instant(value);
                    case "RDATE" -> instants(value, dates);
                    case "EXDATE" -> instants(value, excluded);
                    default -> throw bad("unsupported property: " + name);
                }
            }
            if (rules.isEmpty() && dates.isEmpty()) {
                throw bad("no rule");
            }
            Instant start = begin;
            List<Bounded> bounded = rules.stream().map(Bounded::of).toList();
            Instant own = bounded.size() == 1 ? bounded.get(0).until() : null;
            return new Occurrences(
                    () -> {
                        List<Series> parts =
                                series(bounded.stream().map(Bounded::rule).toList(), start);
                        parts.add(new Dates(dates));
                        return new Merged(parts, excluded);
                    },
                    own == null ? until : own,
                    null);
        }

        /** A rule without its UNTIL, which may be a date, a local or a UTC time, whatever the begin is. */
        private record Bounded(
                RecurrenceRule rule, @Nullable Instant until) {

            static Bounded of(String text) {
                String upper = text.toUpperCase(Locale.ROOT);
                Instant until = null;
                List<String> kept = new ArrayList<>();
                for (String part : upper.split(";")) {
                    if (part.startsWith("UNTIL=")) {
                        until = instant(part.substring("UNTIL=".length()));
                    } else if (!part.isBlank()) {
                        kept.add(part);
                    }
                }
                RecurrenceRule rule = Occurrences.parse(String.join(";", kept));
                if (rule.getCount() != null && rule.getCount() == 0) {
                    throw bad("COUNT=0");
                }
                return new Bounded(rule, until);
            }
        }

        private static void instants(String value, java.util.Collection<Instant> into) {
            for (String item : value.split(",")) {
                into.add(instant(item.strip()));
            }
        }

        private static Instant instant(String value) {
            String clean = value.strip().toUpperCase(Locale.ROOT).replaceFirst("Z$", "");
            try {
                String full = clean.length() == 8 ? clean + "T000000" : clean;
                return LocalDateTime.parse(full, ICAL).toInstant(ZoneOffset.UTC);
            } catch (DateTimeParseException e) {
                throw bad("not a time: " + value);
            }
        }

        private static IllegalArgumentException bad(String why) {
            return new IllegalArgumentException(why);
        }
    }
}
