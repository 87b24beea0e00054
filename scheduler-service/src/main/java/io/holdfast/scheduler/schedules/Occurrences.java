package io.holdfast.scheduler.schedules;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The occurrences of one schedule, to the second. What counts is the rule, its zone, its begin and its end; nothing here knows what time
 * it is. In UTC the semantics are those of python-dateutil, which the API's original uses: a begin that the rule does not match is no
 * occurrence, {@code COUNT} and a schedule's count limit the whole series, an end is inclusive, and months without the begin's day are
 * passed over. Elsewhere the rule is followed on the zone's wall clock ({@link DstPolicy}), except where it names no hours: what happens
 * every so many seconds, minutes or hours follows the time that passes. A count is of what occurs: a time that is skipped because the
 * clock leaves it out does not count. Immutable and thread-safe.
 */
public final class Occurrences {

    private final Supplier<Series> series;
    private final long until;
    private final @Nullable Integer count;

    private Occurrences(Supplier<Series> series, long until, @Nullable Integer count) {
        this.series = series;
        this.until = until;
        this.count = count;
    }

    /** In UTC. See {@link #of(ScheduleRule, ZoneId, DstPolicy, Instant, Instant)}. */
    public static Occurrences of(Map<String, ? extends @Nullable Object> rule, Instant since, @Nullable Instant until) {
        return of(ScheduleRule.of(rule), since, until);
    }

    /** In UTC. See {@link #of(ScheduleRule, ZoneId, DstPolicy, Instant, Instant)}. */
    public static Occurrences of(ScheduleRule rule, Instant since, @Nullable Instant until) {
        return of(rule, ZoneOffset.UTC, DstPolicy.DEFAULT, since, until);
    }

    /**
     * @param since begin of the schedule
     * @param until its end, inclusive; null: none. Besides it a rule's own UNTIL holds
     * @throws ManagerException BAD_PARAMETERS if an iCalendar text or cron expression is not one
     */
    public static Occurrences of(
            ScheduleRule rule, ZoneId zone, DstPolicy policy, Instant since, @Nullable Instant until) {
        Frame frame =
                new Frame(zone, policy, since.getEpochSecond(), until == null ? Series.END : until.getEpochSecond());
        if (rule instanceof ScheduleRule.Once once) {
            return frame.once(once);
        }
        if (rule instanceof ScheduleRule.Recurring recurring) {
            return frame.recurring(recurring);
        }
        if (rule instanceof ScheduleRule.Cron cron) {
            return frame.cron(cron.text());
        }
        String text = ((ScheduleRule.ICalendar) rule).text();
        try {
            return ICalendarText.read(text, frame);
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

    /** The first {@code max} occurrences strictly after {@code instant}, in order. Where there is a count it walks from the begin. */
    public List<Instant> after(Instant instant, int max) {
        return found(count == null ? 0 : -1, instant, max);
    }

    /** As {@link #after(Instant, int)}, but without a walk. @param ordinal how many occurrences there are until {@code instant} */
    public List<Instant> after(Instant instant, int max, long ordinal) {
        return found(ordinal, instant, max);
    }

    /** How many occurrences there are up to and including {@code instant}, but at most {@code most}. */
    public long countUntil(Instant instant, int most) {
        Series walk = series.get();
        long limit = Math.min(until, instant.getEpochSecond());
        long counted = 0;
        int longest = count == null ? most : Math.min(most, count);
        while (counted < longest) {
            long next = walk.next();
            if (next == Series.END || next > limit) {
                break;
            }
            counted++;
        }
        return counted;
    }

    /** Whether a count limits the series as a whole, so that it matters how many there were. */
    public boolean isCounted() {
        return count != null;
    }

    private List<Instant> found(long ordinal, Instant instant, int max) {
        List<Instant> found = new ArrayList<>();
        Series walk = series.get();
        long after = instant.getEpochSecond();
        long left = count == null ? Long.MAX_VALUE : ordinal < 0 ? count : count - ordinal;
        if (ordinal >= 0) {
            walk.skipTo(after);
        }
        while (found.size() < max && left > 0) {
            long next = walk.next();
            if (next == Series.END || next > until) {
                break;
            }
            if (next > after) {
                found.add(Instant.ofEpochSecond(next));
                left--;
            } else if (ordinal < 0) {
                left--;
            }
        }
        return found;
    }

    /** What a rule is followed in. */
    private record Frame(ZoneId zone, DstPolicy policy, long since, long until) {

        Occurrences once(ScheduleRule.Once once) {
            String day = Instant.ofEpochSecond(since)
                    .atZone(zone)
                    .getDayOfWeek()
                    .name()
                    .substring(0, 2);
            boolean matches = once.weekdays().isEmpty()
                    || once.weekdays().stream()
                            .anyMatch(weekday -> weekday.day().equals(day));
            List<Long> dates = matches ? List.of(since) : List.of();
            return new Occurrences(() -> new Series.Dates(dates), until, 1);
        }

        Occurrences recurring(ScheduleRule.Recurring recurring) {
            Frequency frequency = Frequency.valueOf(recurring.unit().frequency());
            List<RecurrenceRule> rules = recurring.weekdays().isEmpty()
                    ? List.of(RecurrenceRule.of(frequency, recurring.interval(), null))
                    : recurring.weekdays().stream()
                            .map(weekday -> RecurrenceRule.of(
                                    frequency,
                                    recurring.interval(),
                                    List.of(new RecurrenceRule.NthDay(
                                            weekday.prefix(), ScheduleRule.DAYS.indexOf(weekday.day())))))
                            .toList();
            return new Occurrences(() -> merged(rules, frequency.isWithinDay()), until, recurring.count());
        }

        Occurrences cron(String text) {
            try {
                CronExpression cron = CronExpression.parse(text);
                return new Occurrences(() -> merged(cron.rules(), cron.everyHour()), until, null);
            } catch (IllegalArgumentException e) {
                throw new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "invalid cron expression provided: " + text + ": " + e.getMessage(),
                        "a cron expression is, for example, 30 2 * * MON-FRI",
                        e);
            }
        }

        private Series merged(List<RecurrenceRule> rules, boolean byInstant) {
            List<Series> parts = rules.stream()
                    .map(rule -> Series.of(rule, byInstant, zone, policy, since, until))
                    .toList();
            return parts.size() == 1 ? parts.get(0) : new Series.Merged(parts, List.of(), Set.of());
        }
    }

    /** RRULE, RDATE, EXRULE, EXDATE and DTSTART lines, or a bare rule. */
    private static final class ICalendarText {

        private final Frame frame;
        private final List<RecurrenceRule> rules = new ArrayList<>();
        private final List<RecurrenceRule> excludedRules = new ArrayList<>();
        private final List<RecurrenceRule.Until> dates = new ArrayList<>();
        private final List<RecurrenceRule.Until> excludedDates = new ArrayList<>();
        private long start;

        private ICalendarText(Frame frame) {
            this.frame = frame;
            this.start = frame.since();
        }

        static Occurrences read(String text, Frame frame) {
            ICalendarText calendar = new ICalendarText(frame);
            for (String line : text.strip().split("[\\r\\n]+|\\\\n")) {
                calendar.line(line.strip());
            }
            return calendar.occurrences();
        }

        private void line(String line) {
            if (line.isEmpty()) {
                return;
            }
            int colon = line.indexOf(':');
            String[] name = colon < 0
                    ? new String[] {"RRULE"}
                    : line.substring(0, colon).split(";");
            String value = line.substring(colon + 1).strip();
            switch (name[0].strip().toUpperCase(Locale.ROOT)) {
                case "RRULE" -> rules.add(RecurrenceRule.parse(value));
                case "EXRULE" -> excludedRules.add(RecurrenceRule.parse(value));
                case "DTSTART" ->
                    start = RecurrenceRule.Until.parse(value, zone(name)).second(frame.zone());
                case "RDATE" -> dates.addAll(times(value, zone(name)));
                case "EXDATE" -> excludedDates.addAll(times(value, zone(name)));
                default -> throw bad("unsupported property " + name[0]);
            }
        }

        private static List<RecurrenceRule.Until> times(String value, @Nullable ZoneId zone) {
            return Stream.of(value.split(",", -1))
                    .map(item -> RecurrenceRule.Until.parse(item, zone))
                    .toList();
        }

        private static @Nullable ZoneId zone(String[] name) {
            ZoneId zone = null;
            for (int i = 1; i < name.length; i++) {
                String parameter = name[i].strip();
                if (parameter.toUpperCase(Locale.ROOT).startsWith("TZID=")) {
                    try {
                        zone = ZoneId.of(parameter.substring("TZID=".length()));
                    } catch (DateTimeException e) {
                        throw new IllegalArgumentException(parameter + " is not a zone such as TZID=Europe/Berlin", e);
                    }
                } else if (!parameter.matches("(?i)VALUE=DATE(-TIME)?")) {
                    throw bad("unsupported parameter " + parameter + " of " + name[0]);
                }
            }
            return zone;
        }

        private Occurrences occurrences() {
            if (rules.isEmpty() && dates.isEmpty()) {
                throw bad("there is neither an RRULE nor an RDATE");
            }
            ZoneRules zone = frame.zone().getRules();
            long local = start + zone.getOffset(Instant.ofEpochSecond(start)).getTotalSeconds();
            Stream.concat(rules.stream(), excludedRules.stream())
                    .filter(rule -> Expansion.isContradiction(rule, local))
                    .findFirst()
                    .ifPresent(rule -> {
                        throw bad("steps of INTERVAL=" + rule.interval() + " " + rule.frequency()
                                + " from the begin never meet its own BY part");
                    });
            if (rules.size() == 1 && dates.isEmpty() && excludedDates.isEmpty() && excludedRules.isEmpty()) {
                RecurrenceRule only = rules.get(0);
                long end = Math.min(frame.until(), until(only));
                return new Occurrences(() -> series(only.uncounted()), end, only.count());
            }
            List<Long> single =
                    dates.stream().map(date -> date.second(frame.zone())).toList();
            Set<Long> excluded = new HashSet<>();
            excludedDates.forEach(date -> exclude(date, excluded));
            return new Occurrences(
                    () -> {
                        List<Series> parts =
                                new ArrayList<>(rules.stream().map(this::series).toList());
                        parts.add(new Series.Dates(single));
                        return new Series.Merged(
                                parts,
                                excludedRules.stream()
                                        .map(rule -> new Series.Exclusion(() -> series(rule), rule.count() == null))
                                        .toList(),
                                excluded);
                    },
                    frame.until(),
                    null);
        }

        private long until(RecurrenceRule rule) {
            RecurrenceRule.Until until = rule.until();
            return until == null ? Series.END : until.second(frame.zone());
        }

        private Series series(RecurrenceRule rule) {
            boolean byInstant = rule.frequency().isWithinDay() && rule.byHour() == null;
            return Series.of(
                    rule, byInstant, frame.zone(), frame.policy(), start, Math.min(frame.until(), until(rule)));
        }

        /** Whichever way the policy reads the time. */
        private void exclude(RecurrenceRule.Until date, Set<Long> excluded) {
            ZoneId own = date.zone();
            ZoneId zone = own == null ? frame.zone() : own;
            LocalDateTime local = date.local();
            excluded.add(date.second(frame.zone()));
            zone.getRules().getValidOffsets(local).forEach(offset -> excluded.add(local.toEpochSecond(offset)));
        }

        private static IllegalArgumentException bad(String why) {
            return new IllegalArgumentException(why);
        }
    }
}
