package io.holdfast.scheduler.schedules;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When a schedule runs, as a request or an archive says it (cloudify-api section 5): an iCalendar rule, or a recurrence with count
 * and weekdays. A count of one without a recurrence means once.
 *
 * @param rrule RFC 5545 text, with or without {@code RRULE:}; excludes the others
 * @param recurrence {@code <number> <unit>}
 * @param count occurrences in all; null: no end
 * @param weekdays {@code MO} … {@code SU}, with {@code 1}–{@code 4} or {@code L-} before it for the n-th or last of a month or year
 */
public record ScheduleRule(
        @Nullable String rrule,
        @Nullable String recurrence,
        @Nullable Integer count,
        List<String> weekdays) {

    private static final Pattern RECURRENCE = Pattern.compile("(\\d+)\\s*([a-z]+)");
    private static final Pattern WEEKDAY = Pattern.compile("([1-4]|L-)?(MO|TU|WE|TH|FR|SA|SU)");

    /** Spellings of a unit; an {@code s} at the end is taken off first. */
    private static final Map<String, String> FREQUENCIES = Map.ofEntries(
            Map.entry("sec", "SECONDLY"),
            Map.entry("second", "SECONDLY"),
            Map.entry("min", "MINUTELY"),
            Map.entry("minute", "MINUTELY"),
            Map.entry("h", "HOURLY"),
            Map.entry("hour", "HOURLY"),
            Map.entry("d", "DAILY"),
            Map.entry("day", "DAILY"),
            Map.entry("w", "WEEKLY"),
            Map.entry("week", "WEEKLY"),
            Map.entry("mo", "MONTHLY"),
            Map.entry("month", "MONTHLY"),
            Map.entry("y", "YEARLY"),
            Map.entry("year", "YEARLY"));

    private record Every(int interval, String unit, String frequency) {}

    public ScheduleRule {
        weekdays = weekdays.stream().map(day -> day.toUpperCase(Locale.ROOT)).toList();
        if (rrule != null) {
            if (recurrence != null || count != null || !weekdays.isEmpty()) {
                throw bad("`rrule` cannot be provided together with `recurrence`, `weekdays` or `count`.");
            }
        } else {
            check(recurrence, count, weekdays);
        }
    }

    /**
     * Reads the JSON object of a rule; absent and null are the same.
     *
     * @throws ManagerException {@code bad_parameters_error} with the API's own texts
     */
    public static ScheduleRule of(Map<String, ? extends @Nullable Object> json) {
        Object weekdays = json.get("weekdays");
        List<String> days = new ArrayList<>();
        if (weekdays instanceof List<?> list) {
            list.forEach(day -> days.add(String.valueOf(day)));
        } else if (weekdays != null) {
            throw bad("weekdays: expected a list, but got: " + weekdays);
        }
        Object count = json.get("count");
        if (count != null && !(count instanceof Number)) {
            throw bad("count: expected a number, but got: " + count);
        }
        return new ScheduleRule(
                text(json.get("rrule")),
                text(json.get("recurrence")),
                count instanceof Number number ? Integer.valueOf(number.intValue()) : null,
                days);
    }

    /** RFC 5545 rules, without their ends, whose occurrences together are those of this rule; none: once, at the start. */
    public List<String> rfc5545() {
        if (rrule != null) {
            return rrule.toUpperCase(Locale.ROOT)
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith("RRULE:") || line.startsWith("FREQ="))
                    .map(line -> line.replaceFirst("^RRULE:", ""))
                    .toList();
        }
        Optional<Every> every = every(recurrence);
        if (every.isEmpty()) {
            return List.of();
        }
        String base =
                "FREQ=" + every.get().frequency() + ";INTERVAL=" + every.get().interval();
        if (weekdays.isEmpty()) {
            return List.of(base);
        }
        return weekdays.stream()
                .map(day -> base + ";BYDAY=" + day.replace("L-", "-1"))
                .toList();
    }

    private static void check(@Nullable String recurrence, @Nullable Integer count, List<String> weekdays) {
        Optional<Every> every = every(recurrence);
        if (recurrence != null && every.isEmpty()) {
            throw bad("`" + recurrence + "` is not a legal recurrence expression. Supported format is: <number>"
                    + " seconds|minutes|hours|days|weeks|months|years");
        }
        if (every.isEmpty() && (count == null || count != 1)) {
            throw bad("recurrence must be specified for execution count larger than 1");
        }
        for (String day : weekdays) {
            Matcher matcher = WEEKDAY.matcher(day);
            if (!matcher.matches()) {
                throw bad(
                        "weekdays list contains an invalid weekday `" + day
                                + "`. Valid weekdays are: MO|TU|WE|TH|FR|SA|SU or their complex expressions, such as: 1MO, L-FR");
            }
            boolean complex = matcher.group(1) != null;
            if (complex
                    && every.isPresent()
                    && !List.of("MONTHLY", "YEARLY").contains(every.get().frequency())) {
                throw bad("complex weekday expression " + day
                        + " can only be used with a months|years recurrence, but got "
                        + every.get().unit() + ".");
            }
        }
    }

    private static Optional<Every> every(@Nullable String recurrence) {
        if (recurrence == null) {
            return Optional.empty();
        }
        Matcher matcher = RECURRENCE.matcher(recurrence.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches() || matcher.group(1).length() > 9) {
            return Optional.empty();
        }
        String unit = matcher.group(2);
        String singular = unit.length() > 1 && unit.endsWith("s") ? unit.substring(0, unit.length() - 1) : unit;
        String frequency = FREQUENCIES.get(singular);
        int interval = Integer.parseInt(matcher.group(1));
        return frequency == null || interval == 0
                ? Optional.empty()
                : Optional.of(new Every(interval, singular, frequency));
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null || value.toString().isBlank() ? null : value.toString();
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
