package io.holdfast.scheduler.schedules;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.language.PythonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When a schedule runs, as its JSON {@code rule} says: an iCalendar rule, a cron expression, or a recurrence with count and weekdays. Source:
 * the Cloudify REST API v3.1, with its messages.
 */
public sealed interface ScheduleRule {

    /** Once, when the schedule begins; with weekdays only if it begins on one of them. */
    record Once(List<Weekday> weekdays) implements ScheduleRule {}

    /**
     * Every {@code interval} units from the schedule's begin on.
     *
     * @param count occurrences in all; null: no limit
     * @param weekdays empty: any
     */
    record Recurring(int interval, Unit unit, @Nullable Integer count, List<Weekday> weekdays)
            implements ScheduleRule {}

    /** Text of RFC 5545, as given. */
    record ICalendar(String text) implements ScheduleRule {}

    /** A cron expression, as given. */
    record Cron(String text) implements ScheduleRule {}

    /** The units of a recurrence and the frequency that each is in RFC 5545. */
    enum Unit {
        SECOND("SECONDLY"),
        MINUTE("MINUTELY"),
        HOUR("HOURLY"),
        DAY("DAILY"),
        WEEK("WEEKLY"),
        MONTH("MONTHLY"),
        YEAR("YEARLY");

        private final String frequency;

        Unit(String frequency) {
            this.frequency = frequency;
        }

        public String frequency() {
            return frequency;
        }

        static @Nullable Unit find(String text) {
            return switch (text) {
                case "sec", "second" -> SECOND;
                case "min", "minute" -> MINUTE;
                case "h", "hour" -> HOUR;
                case "d", "day" -> DAY;
                case "w", "week" -> WEEK;
                case "mo", "month" -> MONTH;
                case "y", "year" -> YEAR;
                default -> null;
            };
        }
    }

    /**
     * A day of the week, perhaps the n-th or last of a month or year.
     *
     * @param prefix 1 to 4; -1: the last; 0: every one
     * @param day MO to SU
     */
    record Weekday(int prefix, String day) {

        /** As in a BYDAY of RFC 5545. */
        public String byDay() {
            return prefix == 0 ? day : prefix + day;
        }
    }

    List<String> DAYS = List.of("MO", "TU", "WE", "TH", "FR", "SA", "SU");

    Pattern RECURRENCE = Pattern.compile("(\\d{1,9})\\s*([a-z]+?)s?");

    Pattern WEEKDAY = Pattern.compile("([1-4]|L-)?([A-Z]{2})");

    /**
     * Reads the JSON of a rule.
     *
     * @throws ManagerException BAD_PARAMETERS if it is not one
     */
    static ScheduleRule of(Map<String, ? extends @Nullable Object> json) {
        Object rrule = json.get("rrule");
        Object recurrence = json.get("recurrence");
        Object cron = json.get("cron");
        Object weekdays = json.get("weekdays") instanceof List<?> list && list.isEmpty() ? null : json.get("weekdays");
        Integer count = count(json.get("count"));
        if (rrule instanceof String text && !text.isBlank()) {
            if (cron instanceof String other && !other.isBlank()) {
                throw bad("`rrule` cannot be provided together with `cron`.");
            }
            if (recurrence != null || weekdays != null || count != null) {
                throw bad("`rrule` cannot be provided together with `recurrence`, `weekdays` or `count`.");
            }
            return new ICalendar(text);
        }
        if (cron instanceof String text && !text.isBlank()) {
            if (recurrence != null || weekdays != null || count != null) {
                throw bad("`cron` cannot be provided together with `recurrence`, `weekdays` or `count`.");
            }
            return new Cron(text);
        }
        if (recurrence == null || recurrence.toString().isBlank()) {
            List<Weekday> days = weekdays(weekdays, null);
            if (count == null || count != 1) {
                throw bad("recurrence must be specified for execution count larger than 1");
            }
            return new Once(days);
        }
        String text = recurrence.toString();
        Matcher parts = RECURRENCE.matcher(text.strip().toLowerCase(Locale.ROOT));
        Unit unit = parts.matches() ? Unit.find(parts.group(2)) : null;
        if (unit == null || Integer.parseInt(parts.group(1)) == 0) {
            throw bad("`" + text + "` is not a legal recurrence expression. Supported format is: <number>"
                    + " seconds|minutes|hours|days|weeks|months|years");
        }
        return new Recurring(Integer.parseInt(parts.group(1)), unit, count, weekdays(weekdays, unit));
    }

    private static @Nullable Integer count(@Nullable Object count) {
        if (count == null) {
            return null;
        }
        if (count.toString().matches("[1-9]\\d{0,8}")) {
            return Integer.valueOf(count.toString());
        }
        throw bad("count must be a positive number, but got: " + PythonText.str(count));
    }

    private static List<Weekday> weekdays(@Nullable Object json, @Nullable Unit unit) {
        if (json == null) {
            return List.of();
        }
        if (!(json instanceof List<?> items)) {
            throw bad("weekdays: expected a list, but got: " + PythonText.str(json));
        }
        List<Weekday> weekdays = new ArrayList<>();
        for (Object item : items) {
            String name = String.valueOf(item).toUpperCase(Locale.ROOT);
            Matcher parts = WEEKDAY.matcher(name);
            if (!parts.matches() || !DAYS.contains(parts.group(2))) {
                throw bad("weekdays list contains an invalid weekday `" + name + "`. Valid weekdays are: "
                        + String.join("|", DAYS)
                        + " or their lowercase values, optionally prefixed by 1-4 or l-/L-.");
            }
            String prefix = parts.group(1);
            if (prefix != null && unit != Unit.MONTH && unit != Unit.YEAR) {
                throw bad("complex weekday expression " + name
                        + " can only be used with a months|years recurrence, but got "
                        + (unit == null ? "None" : unit.name().toLowerCase(Locale.ROOT)) + ".");
            }
            weekdays.add(new Weekday(
                    prefix == null ? 0 : prefix.equals("L-") ? -1 : Integer.parseInt(prefix), parts.group(2)));
        }
        return List.copyOf(weekdays);
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
