package io.holdfast.scheduler.schedules;

import java.time.LocalDate;
import java.time.Month;
import java.time.Year;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which days of a year, and of the week after it, a rule allows. A period that begins in a year is judged by that year, also where its
 * last days are in the next one.
 */
final class YearDays {

    private static final int BEYOND = 7;

    private final RecurrenceRule rule;
    private final boolean[] months;
    private final boolean[] weekdays;
    private final boolean allMonths;

    /** By the number from the beginning and from the end, of a month or a year; null: any. */
    private final boolean @Nullable [][] monthDays;

    private final boolean @Nullable [][] yearDays;
    private int year = Integer.MIN_VALUE;
    private int length;
    private long firstDay;
    private int firstWeekday;
    private boolean[] allowed = {};

    /** @param start whose month, day and weekday hold where a rule says nothing about days */
    YearDays(RecurrenceRule rule, LocalDate start) {
        this.rule = rule;
        boolean saysDays = rule.byWeekNo() != null
                || rule.byYearDay() != null
                || rule.byMonthDay() != null
                || rule.byDay() != null
                || rule.byNthDay() != null
                || rule.byEaster() != null;
        Frequency frequency = rule.frequency();
        boolean ofStart = !saysDays && (frequency == Frequency.YEARLY || frequency == Frequency.MONTHLY);
        int[] byMonth = ofStart && frequency == Frequency.YEARLY && rule.byMonth() == null
                ? new int[] {start.getMonthValue()}
                : rule.byMonth();
        int[] byDay = !saysDays && frequency == Frequency.WEEKLY
                ? new int[] {start.getDayOfWeek().getValue() - 1}
                : rule.byDay();
        this.allMonths = byMonth == null;
        this.months = set(13, byMonth);
        this.weekdays = set(7, byDay);
        this.monthDays = bothWays(32, ofStart ? new int[] {start.getDayOfMonth()} : rule.byMonthDay());
        this.yearDays = bothWays(367, rule.byYearDay());
    }

    /** Moves to a year; cheap if it is there already. */
    void year(int wanted) {
        if (wanted == year) {
            return;
        }
        year = wanted;
        LocalDate first = LocalDate.of(wanted, 1, 1);
        length = first.lengthOfYear();
        firstDay = first.toEpochDay();
        firstWeekday = first.getDayOfWeek().getValue() - 1;
        allowed = new boolean[length + BEYOND];
        Arrays.fill(allowed, true);
        boolean[] weeks = rule.byWeekNo() == null ? null : weeks(rule.byWeekNo());
        boolean[] nth = rule.byNthDay() == null ? null : nthDays();
        boolean[] easter = rule.byEaster() == null ? null : easter(rule.byEaster());
        int month = 1;
        int monthDay = 1;
        int monthLength = 31;
        int yearDay = 1;
        int yearLength = length;
        for (int i = 0; i < allowed.length; i++) {
            allowed[i] = months[month]
                    && weekdays[(firstWeekday + i) % 7]
                    && fits(monthDays, monthDay, monthLength)
                    && fits(yearDays, yearDay, yearLength)
                    && (weeks == null || weeks[i])
                    && (easter == null || easter[i])
                    && (nth == null || (i < length && nth[i]));
            if (monthDay++ == monthLength) {
                monthDay = 1;
                month = month % 12 + 1;
                monthLength = Month.of(month).length(length == 366);
            }
            if (yearDay++ == yearLength) {
                yearDay = 1;
                yearLength = Year.isLeap(wanted + 1L) ? 366 : 365;
            }
        }
    }

    private static boolean[] set(int size, int @Nullable [] values) {
        boolean[] set = new boolean[size];
        if (values == null) {
            Arrays.fill(set, true);
        } else {
            Arrays.stream(values).forEach(value -> set[value] = true);
        }
        return set;
    }

    private static boolean @Nullable [][] bothWays(int size, int @Nullable [] values) {
        if (values == null) {
            return null;
        }
        boolean[][] ways = new boolean[2][size];
        Arrays.stream(values).forEach(value -> ways[value > 0 ? 0 : 1][Math.abs(value)] = true);
        return ways;
    }

    private static boolean fits(boolean @Nullable [][] ways, int number, int of) {
        return ways == null || ways[0][number] || ways[1][of - number + 1];
    }

    int year() {
        return year;
    }

    long firstDay() {
        return firstDay;
    }

    int length() {
        return length;
    }

    /** @param epochDay of the year, or one of the seven days after it */
    boolean allows(long epochDay) {
        return allowed[(int) (epochDay - firstDay)];
    }

    private static boolean contains(int[] sorted, int value) {
        return Arrays.binarySearch(sorted, value) >= 0;
    }

    /** Days until the first one that a week begins with, from a day of the week on. */
    private int toWeekStart(int weekday) {
        return Math.floorMod(rule.weekStart() - weekday, 7);
    }

    /**
     * Days by the number of their week. The first week is the first that has at least four days in the year. For the last week of the
     * year before, what python-dateutil takes for its number is followed, also where that is not the calendar's.
     */
    private boolean[] weeks(int[] numbers) {
        boolean[] marked = new boolean[length + BEYOND];
        int firstStart = toWeekStart(firstWeekday);
        boolean beginsBefore = firstStart >= 4;
        // Of week 1; negative if it begins in the year before.
        int week1 = beginsBefore ? firstStart - 7 : firstStart;
        int counted = length - week1;
        int weeks = counted / 7 + (counted % 7 >= 4 ? 1 : 0);
        for (int number : numbers) {
            int n = number < 0 ? number + weeks + 1 : number;
            if (n >= 1 && n <= weeks) {
                mark(marked, week1 + (n - 1) * 7);
            }
        }
        if (contains(numbers, 1) && week1 + weeks * 7 < length) {
            mark(marked, week1 + weeks * 7);
        }
        int before = beginsBefore ? 0 : firstStart;
        if (before > 0 && (contains(numbers, -1) || contains(numbers, weeksBefore(before)))) {
            Arrays.fill(marked, 0, before, true);
        }
        return marked;
    }

    private int weeksBefore(int daysBeforeWeek1) {
        LocalDate lastYear = LocalDate.of(year - 1, 1, 1);
        int weekday = lastYear.getDayOfWeek().getValue() - 1;
        int counted = toWeekStart(weekday) >= 4
                ? lastYear.lengthOfYear() + Math.floorMod(weekday - rule.weekStart(), 7)
                : length - daysBeforeWeek1;
        return 52 + counted % 7 / 4;
    }

    private static void mark(boolean[] marked, int from) {
        Arrays.fill(marked, Math.max(0, from), Math.min(marked.length, from + 7), true);
    }

    /** In a yearly rule of the year, or of each month that it names; in a monthly one of the month. */
    private boolean[] nthDays() {
        boolean[] marked = new boolean[length];
        if (rule.frequency() == Frequency.YEARLY && allMonths) {
            mark(marked, 0, length - 1);
            return marked;
        }
        int first = 0;
        for (int month = 1; month <= 12; month++) {
            int days = Year.of(year).atMonth(month).lengthOfMonth();
            mark(marked, first, first + days - 1);
            first += days;
        }
        return marked;
    }

    private void mark(boolean[] marked, int first, int last) {
        for (RecurrenceRule.NthDay nth : Objects.requireNonNull(rule.byNthDay())) {
            int day = nth.n() > 0
                    ? first + Math.floorMod(nth.day() - firstWeekday - first, 7) + (nth.n() - 1) * 7
                    : last - Math.floorMod(firstWeekday + last - nth.day(), 7) + (nth.n() + 1) * 7;
            if (day >= first && day <= last) {
                marked[day] = true;
            }
        }
    }

    /** By the Gregorian computus. */
    private boolean[] easter(int[] offsets) {
        boolean[] marked = new boolean[length + BEYOND];
        int golden = year % 19;
        int century = year / 100;
        int epact = (century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15) % 30;
        int fullMoon = epact - epact / 28 * (1 - epact / 28 * (29 / (epact + 1)) * ((21 - golden) / 11));
        int weekday = (year + year / 4 + fullMoon + 2 - century + century / 4) % 7;
        int fromMarch = fullMoon - weekday + 28;
        long sunday = LocalDate.of(year, 3, 1).toEpochDay() - 1 + fromMarch;
        for (int offset : offsets) {
            long day = sunday - firstDay + offset;
            if (day >= 0 && day < marked.length) {
                marked[(int) day] = true;
            }
        }
        return marked;
    }
}
