package io.holdfast.scheduler.schedules.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.language.PythonText;
import io.holdfast.scheduler.SentTime;
import io.holdfast.scheduler.WaitAfterFail;
import io.holdfast.scheduler.schedules.DstPolicy;
import io.holdfast.scheduler.schedules.Schedule;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of a request about a schedule, with the API's own rules and messages. Absent and null are the same: in a change what is not
 * given stays. Source: the Cloudify REST API v3.1.
 */
public record ScheduleBody(Map<String, @Nullable Object> fields) {

    /** Farther away is taken for a slip of the pen. */
    private static final long MOST_SLIP_MINUTES = 60L * 24 * 366;

    private static final String STOP_ON_FAIL = "stop_on_fail";

    private static final List<String> RULE_PARTS = List.of("recurrence", "count", "weekdays");

    public static ScheduleBody of(@Nullable Map<String, @Nullable Object> fields) {
        return new ScheduleBody(fields == null ? Map.of() : fields);
    }

    /** @param now when it was made, unless the body says */
    Schedule create(Schedule.Key key, String visibility, String username, Instant now) {
        Instant createdAt = time("created_at");
        String createdBy = text("created_by");
        String workflow = text("workflow_id");
        if (workflow == null) {
            throw missing("workflow_id");
        }
        Instant since = requiredTime("since");
        Map<String, Object> arguments =
                isNothing(fields.get("execution_arguments")) ? Map.of() : object("execution_arguments");
        refuseNull(fields, STOP_ON_FAIL);
        return new Schedule(
                key,
                workflow,
                object("parameters"),
                arguments(arguments == null ? Map.of() : arguments),
                visibility,
                createdBy == null ? username : createdBy,
                createdAt == null ? now : createdAt,
                timing(new Schedule.Timing(Map.of(), "UTC", DstPolicy.DEFAULT, since, null)),
                policy(new Schedule.Policy(0, false, Schedule.Overlap.SKIP, Schedule.CatchUp.SKIP, 100, 0, 5, null)),
                new Schedule.State(flag("enabled", true), text("pause_note"), null, null, 0, null, now, null, null));
    }

    /** The schedule with what the body gives. */
    Schedule change(Schedule schedule) {
        String workflow = text("workflow_id");
        Map<String, Object> parameters = object("parameters");
        Map<String, Object> arguments = object("execution_arguments");
        Schedule.State state = schedule.state();
        boolean enabled = flag("enabled", state.enabled());
        String note = fields.containsKey("pause_note") ? text("pause_note") : state.pauseNote();
        return new Schedule(
                schedule.key(),
                workflow == null ? schedule.workflowId() : workflow,
                parameters == null ? schedule.parameters() : parameters,
                arguments == null ? schedule.arguments() : arguments(arguments),
                schedule.visibility(),
                schedule.createdBy(),
                schedule.createdAt(),
                timing(schedule.timing()),
                policy(schedule.policy()),
                state.enabled(enabled, enabled ? null : note));
    }

    /** When it occurs, for a preview of something that is not stored. */
    Schedule.Timing previewTiming(Instant now) {
        return timing(new Schedule.Timing(Map.of(), "UTC", DstPolicy.DEFAULT, now, null));
    }

    private Schedule.Timing timing(Schedule.Timing old) {
        Instant since = time("since");
        Instant until = time("until");
        String zone = text("time_zone");
        String gap = text("dst_gap");
        String overlap = text("dst_overlap");
        return new Schedule.Timing(
                rule(old.rule()),
                zone == null ? old.zone() : zone,
                DstPolicy.of(
                        gap == null ? Schedule.nameOf(old.dst().gap()) : gap,
                        overlap == null ? Schedule.nameOf(old.dst().overlap()) : overlap),
                since == null ? old.since() : since,
                until == null ? old.until() : until);
    }

    private Map<String, @Nullable Object> rule(Map<String, @Nullable Object> old) {
        boolean parts = RULE_PARTS.stream().anyMatch(this::isGiven);
        if (isGiven("rrule") || isGiven("cron")) {
            Map<String, @Nullable Object> rule = new LinkedHashMap<>();
            for (String name : List.of("rrule", "cron", "recurrence", "count", "weekdays")) {
                if (isGiven(name)) {
                    rule.put(name, part(name));
                }
            }
            return rule;
        }
        if (!parts && !old.isEmpty()) {
            return old;
        }
        boolean replaced = old.get("rrule") != null || old.get("cron") != null;
        if (replaced && !isGiven("recurrence")) {
            throw bad("`" + (old.get("cron") == null ? "rrule" : "cron")
                    + "` cannot be provided together with `recurrence`, `weekdays` or `count`.");
        }
        Map<String, @Nullable Object> rule = new LinkedHashMap<>();
        for (String name : RULE_PARTS) {
            rule.put(name, isGiven(name) || replaced ? part(name) : old.get(name));
        }
        return rule;
    }

    /** As it is kept: days in capitals, and a number of a text that is one. What is neither is refused when the rule is read. */
    private @Nullable Object part(String name) {
        Object value = fields.get(name);
        if (name.equals("weekdays") && value instanceof List<?> days) {
            return days.isEmpty()
                    ? null
                    : days.stream()
                            .map(day -> day instanceof String text ? text.toUpperCase(Locale.ROOT) : day)
                            .toList();
        }
        if (name.equals("count") && value instanceof String text && text.strip().matches("\\d{1,9}")) {
            return Integer.valueOf(text.strip());
        }
        return value;
    }

    private boolean isGiven(String name) {
        Object value = fields.get(name);
        return value != null && !(value instanceof List<?> list && list.isEmpty());
    }

    private Schedule.Policy policy(Schedule.Policy old) {
        String overlap = text("overlap");
        String catchUp = text("catch_up");
        String key = text("concurrency_key");
        return new Schedule.Policy(
                number("slip", old.slipMinutes(), 0, MOST_SLIP_MINUTES),
                flag(STOP_ON_FAIL, old.stopOnFail()),
                overlap == null ? old.overlap() : Schedule.Overlap.of(overlap),
                catchUp == null ? old.catchUp() : Schedule.CatchUp.of(catchUp),
                number("catch_up_limit", old.catchUpLimit(), 1, 1_000),
                number("jitter_seconds", old.jitterSeconds(), 0, 86_400),
                number("priority", old.priority(), 0, 9),
                key == null ? old.concurrencyKey() : key.isEmpty() ? null : key);
    }

    /** What is not said is the default, once anything is. {@code is_dry_run} is how answers call it, so that they can be sent back. */
    private static @Nullable Map<String, Object> arguments(@Nullable Map<String, Object> given) {
        if (given == null || given.isEmpty()) {
            return given;
        }
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("allow_custom_parameters", argument(given, "allow_custom_parameters"));
        arguments.put("force", argument(given, "force"));
        arguments.put(
                "is_dry_run",
                given.containsKey("dry_run") ? argument(given, "dry_run") : flag(given, "is_dry_run", false));
        Integer wait = WaitAfterFail.of(given.get(WaitAfterFail.FIELD));
        arguments.put(WaitAfterFail.FIELD, wait == null ? WaitAfterFail.DEFAULT : wait);
        return arguments;
    }

    private static boolean argument(Map<String, Object> given, String name) {
        refuseNull(given, name);
        return flag(given, name, false);
    }

    /** Null is a wrong value of some flags, and the absence of one elsewhere. */
    private static void refuseNull(Map<String, ? extends @Nullable Object> given, String name) {
        if (given.containsKey(name) && given.get(name) == null) {
            throw bad(name + " must be <true/false>, got None");
        }
    }

    /** What the existing API, written in Python, takes for false. */
    private static boolean isNothing(@Nullable Object value) {
        return value == null
                || Boolean.FALSE.equals(value)
                || "".equals(value)
                || value instanceof Number number && number.doubleValue() == 0
                || value instanceof Collection<?> list && list.isEmpty()
                || value instanceof Map<?, ?> map && map.isEmpty();
    }

    /** A text, or null. */
    public @Nullable String text(String name) {
        Object value = fields.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw bad(name + ": expected a string, but got: " + PythonText.str(value));
    }

    int number(String name, int otherwise, long least, long most) {
        Object value = fields.get(name);
        if (value == null) {
            return otherwise;
        }
        String text = String.valueOf(value);
        long number = text.matches("-?\\d{1,12}") ? Long.parseLong(text) : Long.MIN_VALUE;
        if (number < least || number > most) {
            throw bad(
                    name + ": expected a number from " + least + " to " + most + ", but got: " + PythonText.str(value));
        }
        return (int) number;
    }

    private boolean flag(String name, boolean otherwise) {
        return flag(fields, name, otherwise);
    }

    private static boolean flag(Map<String, @Nullable Object> given, String name, boolean otherwise) {
        Object value = given.get(name);
        if (value == null) {
            return otherwise;
        }
        return switch (String.valueOf(value).toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw bad(name + " must be <true/false>, got " + PythonText.str(value));
        };
    }

    private @Nullable Map<String, Object> object(String name) {
        Object value = fields.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(String.valueOf(key), item));
            return copy;
        }
        throw bad(name + ": expected a dict, but got: " + PythonText.str(value));
    }

    /** A time that must be given. */
    public Instant requiredTime(String name) {
        Instant time = time(name);
        if (time == null) {
            throw missing(name);
        }
        return time;
    }

    /** Without an offset it is UTC. */
    @Nullable
    Instant time(String name) {
        String text = text(name);
        if (text == null || text.isBlank()) {
            return null;
        }
        return SentTime.parse(name, text);
    }

    private static ManagerException missing(String name) {
        return bad("Missing " + name + " in json request body");
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
