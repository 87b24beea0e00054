package io.holdfast.inventory.language;

import io.holdfast.contracts.language.PythonText;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The schedules that each deployment of a blueprint has from the start: what can be judged before there is a deployment. */
final class Schedules {

    private static final List<String> KEYS = List.of(
            "workflow",
            "execution_arguments",
            "workflow_parameters",
            "since",
            "until",
            "recurrence",
            "timezone",
            "weekdays",
            "count",
            "default_enabled",
            "stop_after_fail",
            "slip",
            "rrule",
            "stop_on_fail",
            "parameters");

    private static final List<String> TEXTS = List.of("workflow", "since", "until", "recurrence", "timezone", "rrule");

    private static final List<String> WEEKDAYS = List.of("su", "mo", "tu", "we", "th", "fr", "sa");

    /** A span of time: {@code 4 hours}, {@code 1w}. */
    private static final Pattern SPAN =
            Pattern.compile("\\d+ ?(?:min(?:ute)?|h(?:our)?|d(?:ay)?|w(?:eek)?|mo(?:nth)?|y(?:ear)?)s?");

    /** A span with the plus before it, whatever its unit. */
    private static final Pattern FROM_NOW = Pattern.compile("\\+(\\d+ ?[a-z]+)");

    private static final DateTimeFormatter DATE_AND_TIME = DateTimeFormatter.ofPattern("y-M-d H:m");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("H:m");

    /** Zones that the existing API knows, but Java only as abbreviations. */
    private static final Set<String> SHORT_ZONES = Set.of("EST", "HST", "MST", "ROC");

    private static final String RUNTIME_PROPERTY = "get_attribute";

    private Schedules() {}

    static void check(YamlNode.Mapping schedules) {
        schedules.entries().forEach((name, node) -> check(Shape.mappingOrEmpty(node, what(name)), what(name)));
    }

    private static String what(String name) {
        return "the default schedule '" + name + "'";
    }

    private static void check(YamlNode.Mapping schedule, String what) {
        Shape.only(schedule, what, KEYS);
        Shape.required(schedule, "workflow", what);
        Shape.required(schedule, "since", what);
        TEXTS.forEach(key -> Shape.optionalText(schedule, key, what));
        for (String key : List.of("count", "slip")) {
            Shape.optionalInteger(schedule, key, what);
        }
        for (String key : List.of("default_enabled", "stop_after_fail", "stop_on_fail")) {
            Shape.optionalFlag(schedule, key, what);
        }
        for (YamlNode item : Shape.list(schedule.given("weekdays"), "'weekdays' of " + what)) {
            checkWeekday(item, what);
        }
        YamlNode.Mapping arguments =
                Shape.mappingOrEmpty(schedule, "execution_arguments", "'execution_arguments' of " + what);
        Shape.only(
                arguments,
                "'execution_arguments' of " + what,
                List.of("force", "is_dry_run", "wait_after_fail", "allow_custom_parameters"));
        checkParameters(
                Shape.mappingOrEmpty(schedule, "workflow_parameters", "'workflow_parameters' of " + what), what);
        YamlNode recurrence = schedule.given("recurrence");
        if (recurrence != null) {
            checkSpan(Shape.text(recurrence, what), recurrence, what);
        }
        for (String key : List.of("since", "until")) {
            YamlNode time = schedule.given(key);
            if (time != null) {
                checkTime(Shape.text(time, what), time, Shape.optionalText(schedule, "timezone", what), what);
            }
        }
    }

    /** {@code 2030-01-31 18:30} or {@code 18:30}, or from now on: {@code +1 day +4 hours}. */
    private static void checkTime(String text, YamlNode node, @Nullable String zone, String what) {
        if (text.startsWith("+")) {
            for (Matcher span = FROM_NOW.matcher(text); span.find(); ) {
                checkSpan(span.group(1), node, what);
            }
            return;
        }
        if (!text.isEmpty() && !isTime(text)) {
            throw unparsable(
                    node,
                    text + " is not a legal time format. accepted formats are YYYY-MM-DD HH:MM | HH:MM",
                    "such a time, or one from now on such as '+4 hours', in " + what);
        }
        if (zone != null
                && !SHORT_ZONES.contains(zone)
                && !ZoneId.getAvailableZoneIds().contains(zone)) {
            throw unparsable(
                    node, zone + " is not a recognized timezone", "a name such as Europe/Oslo, or UTC, in " + what);
        }
    }

    private static boolean isTime(String text) {
        try {
            if (text.indexOf('-') > 0) {
                LocalDateTime.parse(text, DATE_AND_TIME);
            } else {
                LocalTime.parse(text, TIME);
            }
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static void checkSpan(String text, YamlNode node, String what) {
        if (!text.isEmpty() && !SPAN.matcher(text).matches()) {
            throw unparsable(
                    node,
                    text + " is not a legal time delta",
                    "a number of minutes, hours, days, weeks, months or years in " + what);
        }
    }

    private static InvalidBlueprint unparsable(YamlNode node, String found, String expected) {
        return InvalidBlueprint.unparsable(node.mark(), found, expected, null);
    }

    /** {@code mo}, or {@code 2mo} for the second of a month. */
    private static void checkWeekday(YamlNode item, String what) {
        String text = Shape.text(item, "a weekday of " + what).toLowerCase(Locale.ROOT);
        String day = text.substring(Math.max(0, text.length() - 2));
        if (!WEEKDAYS.contains(day)) {
            throw new InvalidBlueprint(
                    item.mark(),
                    day + " is not a valid weekday value. Accepted values: " + PythonText.repr(WEEKDAYS),
                    "one of these, with or without a number before it, in " + what);
        }
    }

    private static void checkParameters(YamlNode.Mapping parameters, String what) {
        if (parameters.get(RUNTIME_PROPERTY) != null) {
            throw runtimeProperty(parameters, "be", "", what);
        }
        parameters.entries().forEach((name, value) -> {
            if (value instanceof YamlNode.Mapping mapping && mapping.get(RUNTIME_PROPERTY) != null) {
                throw runtimeProperty(mapping, "contain", " from the value of " + name, what);
            }
        });
    }

    private static InvalidBlueprint runtimeProperty(YamlNode node, String how, String where, String what) {
        return new InvalidBlueprint(
                node.mark(),
                "`workflow_parameters` cannot " + how + " a runtime property. Please remove the `" + RUNTIME_PROPERTY
                        + "` function" + where,
                "values that are known when a deployment is made, in " + what);
    }
}
