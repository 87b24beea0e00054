package io.holdfast.scheduler.schedules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression of five fields (minute, hour, day of month, month, day of week) or of six with seconds before them, or one of the
 * names such as {@code @daily}. A day of the month and a day of the week that are both restricted are alternatives, as ever in cron.
 * Besides: names of months and days, {@code L} (last day), {@code L-3}, {@code 5L} (last Friday), {@code 5#2} (second Friday) and
 * {@code ?} for {@code *}. 0 and 7 are both Sunday.
 *
 * @param rules together they have the occurrences
 * @param everyHour no hour is left out: then it follows the time that passes, not the clock on the wall
 */
record CronExpression(List<RecurrenceRule> rules, boolean everyHour) {

    private static final Map<String, String> NAMED = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");

    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    private static final Pattern NTH = Pattern.compile("(\\w+)#([1-5])");
    private static final Pattern LAST = Pattern.compile("(\\w+)L");
    private static final Pattern FROM_END = Pattern.compile("L(?:-(\\d{1,2}))?");

    /** @throws IllegalArgumentException if it is not one, with the reason */
    static CronExpression parse(String text) {
        String clean = text.strip();
        if (clean.startsWith("@")) {
            String named = NAMED.get(clean.toLowerCase(Locale.ROOT));
            if (named == null) {
                throw bad(clean + " is not one of " + String.join(", ", new TreeSet<>(NAMED.keySet())));
            }
            clean = named;
        }
        String[] fields = clean.toUpperCase(Locale.ROOT).split("\\s+");
        if (fields.length != 5 && fields.length != 6) {
            throw bad(
                    "it has " + fields.length + " fields; expected are 5 (minute hour day-of-month month day-of-week),"
                            + " or 6 with seconds before them");
        }
        int at = fields.length - 5;
        int[] seconds = at == 0 ? new int[] {0} : Field.SECOND.values(fields[0]);
        int[] minutes = Field.MINUTE.values(fields[at]);
        int[] hours = Field.HOUR.values(fields[at + 1]);
        int[] months = isAny(fields[at + 3]) ? null : Field.MONTH.values(fields[at + 3]);
        int[] monthDays = isAny(fields[at + 2]) ? null : monthDays(fields[at + 2]);
        List<RecurrenceRule> rules = new ArrayList<>();
        if (monthDays != null || isAny(fields[at + 4])) {
            rules.add(RecurrenceRule.ofCron(months, monthDays, null, null, hours, minutes, seconds));
        }
        if (!isAny(fields[at + 4])) {
            Weekdays weekdays = Weekdays.parse(fields[at + 4]);
            if (weekdays.plain().length > 0) {
                rules.add(RecurrenceRule.ofCron(months, null, weekdays.plain(), null, hours, minutes, seconds));
            }
            if (!weekdays.nth().isEmpty()) {
                rules.add(RecurrenceRule.ofCron(months, null, null, weekdays.nth(), hours, minutes, seconds));
            }
        }
        return new CronExpression(List.copyOf(rules), hours.length == 24);
    }

    private static boolean isAny(String field) {
        return field.equals("*") || field.equals("?");
    }

    private static int[] monthDays(String text) {
        TreeSet<Integer> days = new TreeSet<>();
        for (String item : text.split(",", -1)) {
            Matcher fromEnd = FROM_END.matcher(item);
            if (fromEnd.matches()) {
                int before = fromEnd.group(1) == null ? 0 : Integer.parseInt(fromEnd.group(1));
                if (before > 30) {
                    throw bad("day of month: `" + item + "` is before the first day of any month");
                }
                days.add(-1 - before);
            } else {
                IntStream.of(Field.DAY_OF_MONTH.values(item)).forEach(days::add);
            }
        }
        return days.stream().mapToInt(Integer::intValue).toArray();
    }

    private record Weekdays(int[] plain, List<RecurrenceRule.NthDay> nth) {

        static Weekdays parse(String text) {
            TreeSet<Integer> plain = new TreeSet<>();
            List<RecurrenceRule.NthDay> nth = new ArrayList<>();
            for (String item : text.split(",", -1)) {
                Matcher numbered = NTH.matcher(item);
                Matcher last = LAST.matcher(item);
                if (numbered.matches()) {
                    nth.add(new RecurrenceRule.NthDay(Integer.parseInt(numbered.group(2)), day(numbered.group(1))));
                } else if (last.matches()) {
                    nth.add(new RecurrenceRule.NthDay(-1, day(last.group(1))));
                } else {
                    IntStream.of(Field.DAY_OF_WEEK.values(item)).forEach(day -> plain.add(monday(day)));
                }
            }
            return new Weekdays(plain.stream().mapToInt(Integer::intValue).toArray(), List.copyOf(nth));
        }

        private static int day(String text) {
            return monday(Field.DAY_OF_WEEK.value(text));
        }

        /** From cron's count, where Sunday is 0 and 7, to one where Monday is 0. */
        private static int monday(int day) {
            return (day + 6) % 7;
        }
    }

    private enum Field {
        SECOND("second", 0, 59, List.of()),
        MINUTE("minute", 0, 59, List.of()),
        HOUR("hour", 0, 23, List.of()),
        DAY_OF_MONTH("day of month", 1, 31, List.of()),
        MONTH("month", 1, 12, MONTHS),
        DAY_OF_WEEK("day of week", 0, 7, DAYS);

        private final String title;
        private final int least;
        private final int most;
        private final Map<String, Integer> names = new HashMap<>();

        Field(String title, int least, int most, List<String> names) {
            this.title = title;
            this.least = least;
            this.most = most;
            for (int i = 0; i < names.size(); i++) {
                this.names.put(names.get(i), least + i);
            }
        }

        /** Of a list of numbers, ranges and steps; distinct and ascending. */
        int[] values(String text) {
            TreeSet<Integer> values = new TreeSet<>();
            for (String item : text.split(",", -1)) {
                add(item, values);
            }
            return values.stream().mapToInt(Integer::intValue).toArray();
        }

        private void add(String item, TreeSet<Integer> values) {
            String[] parts = item.split("/", -1);
            int step = parts.length == 2 && parts[1].matches("\\d{1,2}") ? Integer.parseInt(parts[1]) : 1;
            if (parts.length > 2 || (parts.length == 2 && !parts[1].matches("\\d{1,2}")) || step == 0) {
                throw bad(title + ": `" + item + "` has no step such as */5");
            }
            String range = parts[0];
            int from;
            int to;
            int dash = range.indexOf('-');
            if (isAny(range)) {
                from = least;
                to = this == DAY_OF_WEEK ? 6 : most;
            } else if (dash > 0) {
                from = value(range.substring(0, dash));
                to = value(range.substring(dash + 1));
                if (this == DAY_OF_WEEK && to == 0) {
                    to = 7;
                }
            } else {
                from = value(range);
                to = parts.length == 2 ? most : from;
            }
            if (from > to) {
                throw bad(title + ": the range `" + range + "` runs backwards; write it as two");
            }
            for (int value = from; value <= to; value += step) {
                values.add(value);
            }
        }

        int value(String text) {
            @Nullable Integer named = names.get(text);
            if (named != null) {
                return named;
            }
            int value = text.matches("\\d{1,2}") ? Integer.parseInt(text) : -1;
            if (value < least || value > most) {
                throw bad(title + ": `" + text + "` is not one of " + least + " to " + most
                        + (names.isEmpty() ? "" : " or a name such as " + (this == MONTH ? "JAN" : "MON")));
            }
            return value;
        }
    }

    private static IllegalArgumentException bad(String why) {
        return new IllegalArgumentException(why);
    }
}
