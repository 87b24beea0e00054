package io.holdfast.scheduler.schedules;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The local times that one rule has from its beginning on, ascending and distinct, as seconds since 1970 on the wall clock. COUNT and
 * UNTIL are not applied here. It goes period by period: the days of a period that the rule allows, with the times of day of each; and
 * it can begin in any period, so that nothing before is walked over. After the year 9999 there is nothing.
 *
 * <p>What a rule means is what python-dateutil makes of it, also where RFC 5545 says otherwise: every BY part filters (plain and
 * numbered days of the week both have to hold), and a first week has only the days from the beginning on.
 */
final class Expansion {

    /** After the last one. */
    static final long END = Long.MAX_VALUE;

    private static final int DAY = 86_400;
    private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

    private final RecurrenceRule rule;
    private final long start;
    private final long startDay;
    private final boolean possible;
    private final boolean[] hours = new boolean[24];
    private final boolean[] minutes = new boolean[60];
    private final boolean[] seconds = new boolean[60];
    private final int[] stepTimes;
    private final YearDays days;

    private long lastDay = LAST_DAY;
    private int lastYear = 9999;

    /** The next period (or step within a day) to look at. */
    private long period;

    private long[] setDays = new long[366];
    private int setSize;
    private int[] setTimes = {};
    private long setOffset;
    private long @Nullable [] chosen;
    private int dayAt;
    private int timeAt;

    Expansion(RecurrenceRule rule, long start) {
        this.rule = rule;
        this.start = start;
        this.startDay = Math.floorDiv(start, DAY);
        this.days = new YearDays(rule, LocalDate.ofEpochDay(startDay));
        LocalDateTime begin = LocalDateTime.ofEpochSecond(start, 0, ZoneOffset.UTC);
        Frequency frequency = rule.frequency();
        int[] byHour = rule.byHour() == null && !frequency.isWithinDay() ? new int[] {begin.getHour()} : rule.byHour();
        int[] byMinute = rule.byMinute() == null && frequency.compareTo(Frequency.MINUTELY) < 0
                ? new int[] {begin.getMinute()}
                : rule.byMinute();
        int[] bySecond = rule.bySecond() == null && frequency != Frequency.SECONDLY
                ? new int[] {begin.getSecond()}
                : rule.bySecond();
        allow(hours, byHour);
        allow(minutes, byMinute);
        allow(seconds, bySecond);
        this.stepTimes = stepTimes();
        this.possible = stepTimes.length > 0 && someTimeIsReached() && somePositionIsReached();
    }

    private static void allow(boolean[] allowed, int @Nullable [] values) {
        if (values == null) {
            Arrays.fill(allowed, true);
        } else {
            Arrays.stream(values).forEach(value -> allowed[value] = true);
        }
    }

    /** Of a day, or of a step within a day: seconds from where it begins. */
    private int[] stepTimes() {
        Frequency frequency = rule.frequency();
        if (frequency == Frequency.SECONDLY) {
            return new int[] {0};
        }
        IntStream all = IntStream.range(0, frequency.isWithinDay() ? frequency.seconds() : DAY)
                .filter(time -> seconds[time % 60]);
        if (frequency != Frequency.MINUTELY) {
            all = all.filter(time -> minutes[time / 60 % 60]);
        }
        if (!frequency.isWithinDay()) {
            all = all.filter(time -> hours[time / 3600]);
        }
        return all.toArray();
    }

    /** Steps of which none ever meets an allowed time of day would be walked in vain. */
    private boolean someTimeIsReached() {
        if (!rule.frequency().isWithinDay()) {
            return true;
        }
        long step = (long) rule.interval() * rule.frequency().seconds();
        int first = (int) Math.floorMod(start, (long) DAY)
                / rule.frequency().seconds()
                * rule.frequency().seconds();
        int time = first;
        do {
            if (isStepAllowed(time)) {
                return true;
            }
            time = (int) ((time + step) % DAY);
        } while (time != first);
        return false;
    }

    private boolean isStepAllowed(int time) {
        return hours[time / 3600]
                && (rule.frequency() == Frequency.HOURLY || minutes[time / 60 % 60])
                && (rule.frequency() != Frequency.SECONDLY || seconds[time % 60]);
    }

    /** A period's set has at most so many members; no more are ever there to choose from. */
    private boolean somePositionIsReached() {
        int[] positions = rule.bySetPos();
        long most = stepTimes.length
                * switch (rule.frequency()) {
                    case YEARLY -> 366L;
                    case MONTHLY -> 31L;
                    case WEEKLY -> 7L;
                    default -> 1L;
                };
        return positions == null || Arrays.stream(positions).anyMatch(position -> Math.abs(position) <= most);
    }

    /** Whether the rule's own parts contradict each other so that it can never come true, as python-dateutil finds at once. */
    static boolean isContradiction(RecurrenceRule rule, long start) {
        int[] own;
        int base;
        long value = Math.floorMod(start, (long) DAY);
        switch (rule.frequency()) {
            case HOURLY -> {
                own = rule.byHour();
                base = 24;
                value = value / 3600;
            }
            case MINUTELY -> {
                own = rule.byMinute();
                base = 60;
                value = value / 60 % 60;
            }
            case SECONDLY -> {
                own = rule.bySecond();
                base = 60;
                value = value % 60;
            }
            default -> {
                return false;
            }
        }
        if (own == null) {
            return false;
        }
        int common = java.math.BigInteger.valueOf(rule.interval())
                .gcd(java.math.BigInteger.valueOf(base))
                .intValue();
        long from = value;
        return Arrays.stream(own).noneMatch(allowed -> Math.floorMod(allowed - from, common) == 0);
    }

    /** Goes on with the first period that may have something at or after {@code local}. Only forward. */
    void seek(long local) {
        setSize = 0;
        chosen = null;
        dayAt = 0;
        long target = Math.floorDiv(Math.max(local, start), DAY);
        LocalDate date = LocalDate.ofEpochDay(Math.min(target, LAST_DAY));
        LocalDate begin = LocalDate.ofEpochDay(startDay);
        int interval = rule.interval();
        long wanted = switch (rule.frequency()) {
            case YEARLY -> date.getYear() - begin.getYear();
            case MONTHLY -> date.getYear() * 12L + date.getMonthValue() - begin.getYear() * 12L - begin.getMonthValue();
            case WEEKLY -> (target - weekStart(startDay)) / 7;
            case DAILY -> target - startDay;
            default -> stepsTo(Math.max(local, start));
        };
        period = rule.frequency().isWithinDay() ? wanted : ceilDiv(wanted, interval);
    }

    /** No period that begins after {@code local} is looked at any more. Somewhat later times may still come. */
    void endAt(long local) {
        lastDay = Math.min(LAST_DAY, Math.floorDiv(local, DAY));
        lastYear = LocalDate.ofEpochDay(Math.max(lastDay, startDay)).getYear();
    }

    /** The next local time, or {@link #END}. */
    long next() {
        while (possible) {
            long found = fromSet();
            if (found == END) {
                if (!advance()) {
                    return END;
                }
            } else if (found >= start) {
                return found;
            }
        }
        return END;
    }

    private long fromSet() {
        long[] positions = chosen;
        if (positions != null) {
            return dayAt < positions.length ? positions[dayAt++] : END;
        }
        if (dayAt >= setSize) {
            return END;
        }
        long found = setDays[dayAt] * DAY + setOffset + setTimes[timeAt];
        if (++timeAt == setTimes.length) {
            timeAt = 0;
            dayAt++;
        }
        return found;
    }

    /** Fills the next period's set, which may turn out empty. False: there are no more periods. */
    private boolean advance() {
        setSize = 0;
        dayAt = 0;
        timeAt = 0;
        chosen = null;
        setOffset = 0;
        setTimes = stepTimes;
        boolean more = switch (rule.frequency()) {
            case YEARLY -> year();
            case MONTHLY -> month();
            case WEEKLY -> week();
            case DAILY -> day();
            default -> step();
        };
        if (more && setSize > 0 && rule.bySetPos() != null) {
            choose(rule.bySetPos());
        }
        return more;
    }

    private boolean year() {
        long year = LocalDate.ofEpochDay(startDay).getYear() + period++ * rule.interval();
        if (year > lastYear) {
            return false;
        }
        days.year((int) year);
        collect(days.firstDay(), days.firstDay() + days.length() - 1);
        return true;
    }

    private boolean month() {
        LocalDate begin = LocalDate.ofEpochDay(startDay);
        long month = begin.getYear() * 12L + begin.getMonthValue() - 1 + period++ * rule.interval();
        if (month / 12 > lastYear) {
            return false;
        }
        days.year((int) (month / 12));
        LocalDate first = LocalDate.of((int) (month / 12), (int) (month % 12) + 1, 1);
        collect(first.toEpochDay(), first.toEpochDay() + first.lengthOfMonth() - 1);
        return true;
    }

    private boolean week() {
        long monday = weekStart(startDay) + period++ * 7L * rule.interval();
        long first = Math.max(monday, startDay);
        if (first > lastDay) {
            return false;
        }
        turnTo(first);
        collect(first, monday + 6);
        return true;
    }

    private boolean day() {
        long day = startDay + period++ * rule.interval();
        if (day > lastDay) {
            return false;
        }
        turnTo(day);
        collect(day, day);
        return true;
    }

    /** Steps on until one is allowed, over hours, minutes and days that are not without looking at each. */
    private boolean step() {
        int unit = rule.frequency().seconds();
        while (true) {
            long at = (Math.floorDiv(start, unit) + period * rule.interval()) * unit;
            long day = Math.floorDiv(at, DAY);
            if (day > lastDay) {
                return false;
            }
            int time = (int) (at - day * DAY);
            turnTo(day);
            if (!days.allows(day)) {
                period = stepsTo((day + 1) * DAY);
            } else if (!hours[time / 3600]) {
                period = Math.max(period + 1, stepsTo(at - time % 3600 + 3600));
            } else if (rule.frequency() != Frequency.HOURLY && !minutes[time / 60 % 60]) {
                period = Math.max(period + 1, stepsTo(at - time % 60 + 60));
            } else if (rule.frequency() == Frequency.SECONDLY && !seconds[time % 60]) {
                period++;
            } else {
                period++;
                setDays[0] = day;
                setSize = 1;
                setOffset = time;
                return true;
            }
        }
    }

    /** The first step whose unit does not end before {@code local}. */
    private long stepsTo(long local) {
        int unit = rule.frequency().seconds();
        return Math.max(0, ceilDiv(Math.floorDiv(local, unit) - Math.floorDiv(start, unit), rule.interval()));
    }

    private void turnTo(long day) {
        if (day < days.firstDay() || day >= days.firstDay() + days.length() || days.year() == Integer.MIN_VALUE) {
            days.year(LocalDate.ofEpochDay(day).getYear());
        }
    }

    private void collect(long first, long last) {
        for (long day = first; day <= last; day++) {
            if (days.allows(day)) {
                setDays[setSize++] = day;
            }
        }
    }

    /** The members of the period's set that BYSETPOS names. */
    private void choose(int[] positions) {
        long size = (long) setSize * setTimes.length;
        chosen = Arrays.stream(positions)
                .mapToLong(position -> position > 0 ? position - 1L : size + position)
                .filter(index -> index >= 0 && index < size)
                .map(index -> setDays[(int) (index / setTimes.length)] * DAY
                        + setOffset
                        + setTimes[(int) (index % setTimes.length)])
                .sorted()
                .distinct()
                .toArray();
    }

    /** The day that begins the week of {@code day}. */
    private long weekStart(long day) {
        int weekday = LocalDate.ofEpochDay(day).getDayOfWeek().getValue() - 1;
        return day - Math.floorMod(weekday - rule.weekStart(), 7);
    }

    private static long ceilDiv(long value, long by) {
        return -Math.floorDiv(-value, by);
    }
}
