package io.holdfast.inventory.deployments;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.language.PythonText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A schedule that each deployment of a blueprint has from the start: one of {@code default_schedules} of the blueprint's
 * {@code deployment_settings}. Its times are of a time zone, or count from when the deployment is made.
 *
 * @param request what the scheduler is asked for, as clients of the API ask; times in UTC
 */
public record DefaultSchedule(String id, Map<String, @Nullable Object> request) {

    private static final String WORKFLOW = "workflow";
    private static final String TIME_ZONE = "timezone";
    private static final List<String> TIMES = List.of("since", "until");

    /** What is the same here and there, and what is called otherwise there. */
    private static final Map<String, String> FIELDS = fields();

    private static final Pattern FROM_NOW = Pattern.compile("\\+\\s*(\\d{1,6})\\s*([a-z]+?)s?\\s*(?=\\+|$)");

    private static final Pattern TIME_OF_DAY = Pattern.compile("\\d{1,2}:\\d{1,2}");

    private static final DateTimeFormatter ABSOLUTE = new DateTimeFormatterBuilder()
            .appendPattern("yyyy-M-d[['T'][' ']H:mm[:ss]]")
            .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
            .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
            .toFormatter();

    private static final DateTimeFormatter SENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    private static Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(WORKFLOW, "workflow_id");
        for (String same : List.of(
                "recurrence",
                "count",
                "weekdays",
                "rrule",
                "slip",
                "stop_on_fail",
                "parameters",
                "execution_arguments")) {
            fields.put(same, same);
        }
        fields.put("workflow_parameters", "parameters");
        fields.put("stop_after_fail", "stop_on_fail");
        fields.put("default_enabled", "enabled");
        return fields;
    }

    /**
     * All of a blueprint's.
     *
     * @param schedules name to what it is, functions evaluated
     * @param now when the deployment is made
     * @throws ManagerException deployment_creation_error where one of them has no workflow, an unknown key or a time that cannot be read
     */
    public static List<DefaultSchedule> of(Map<String, @Nullable Object> schedules, Instant now) {
        List<DefaultSchedule> all = new ArrayList<>();
        schedules.forEach((id, schedule) -> {
            if (!(schedule instanceof Map<?, ?> given)) {
                throw refused(id, "is no mapping", "give it a workflow and since");
            }
            all.add(of(id, given, now));
        });
        return List.copyOf(all);
    }

    private static DefaultSchedule of(String id, Map<?, ?> given, Instant now) {
        TreeSet<String> unknown = new TreeSet<>();
        given.keySet().forEach(key -> unknown.add(String.valueOf(key)));
        unknown.removeAll(FIELDS.keySet());
        unknown.removeAll(TIMES);
        unknown.remove(TIME_ZONE);
        if (!unknown.isEmpty()) {
            throw refused(
                    id,
                    "has the unknown key `" + unknown.first() + "`",
                    "expected is one of " + String.join(", ", FIELDS.keySet()));
        }
        if (!(given.get(WORKFLOW) instanceof String)) {
            throw refused(id, "names no workflow", "give it the name of one of the blueprint's workflows");
        }
        ZoneId zone = zone(id, given.get(TIME_ZONE));
        Map<String, @Nullable Object> request = new LinkedHashMap<>();
        FIELDS.forEach((here, there) -> {
            if (given.get(here) != null) {
                request.put(there, given.get(here));
            }
        });
        request.put("since", SENT.format(now));
        for (String name : TIMES) {
            Object time = given.get(name);
            if (time != null) {
                request.put(name, SENT.format(time(id, name, time.toString().strip(), zone, now)));
            }
        }
        return new DefaultSchedule(id, request);
    }

    private static ZoneId zone(String id, @Nullable Object name) {
        try {
            return name == null ? ZoneOffset.UTC : ZoneId.of(name.toString(), ZoneId.SHORT_IDS);
        } catch (DateTimeException e) {
            throw refused(
                    id,
                    "has the unknown timezone `" + PythonText.str(name) + "`",
                    "expected is a name such as Europe/Oslo, or UTC");
        }
    }

    private static Instant time(String id, String name, String text, ZoneId zone, Instant now) {
        try {
            if (text.startsWith("+")) {
                return fromNow(text, now);
            }
            if (TIME_OF_DAY.matcher(text).matches()) {
                return LocalTime.parse(text, DateTimeFormatter.ofPattern("H:m"))
                        .atDate(LocalDate.ofInstant(now, zone))
                        .atZone(zone)
                        .toInstant();
            }
            return LocalDateTime.parse(text, ABSOLUTE).atZone(zone).toInstant();
        } catch (DateTimeParseException | IllegalArgumentException e) {
            throw refused(
                    id,
                    "has `" + text + "` as " + name + ", which is no time",
                    "expected is a time such as 2030-01-31 18:30, or one from now on such as +4 hours");
        }
    }

    /** One span of time after the other, from the full minute on. */
    private static Instant fromNow(String text, Instant now) {
        OffsetDateTime time = now.atOffset(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
        Matcher span = FROM_NOW.matcher(text);
        int end = 0;
        while (end < text.length()) {
            if (!span.find(end) || span.start() != end) {
                throw new IllegalArgumentException(text);
            }
            time = time.plus(Long.parseLong(span.group(1)), unit(span.group(2)));
            end = span.end();
        }
        return time.toInstant();
    }

    private static ChronoUnit unit(String name) {
        return switch (name) {
            case "s", "sec", "second" -> ChronoUnit.SECONDS;
            case "min", "minute" -> ChronoUnit.MINUTES;
            case "h", "hour" -> ChronoUnit.HOURS;
            case "d", "day" -> ChronoUnit.DAYS;
            case "w", "week" -> ChronoUnit.WEEKS;
            case "mo", "month" -> ChronoUnit.MONTHS;
            case "y", "year" -> ChronoUnit.YEARS;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static ManagerException refused(String id, String what, String hint) {
        return new ManagerException(
                ErrorCode.DEPLOYMENT_CREATION, "the default schedule `" + id + "` of the blueprint " + what, hint);
    }
}
