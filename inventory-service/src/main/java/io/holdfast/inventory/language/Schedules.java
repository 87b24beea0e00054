package io.holdfast.inventory.language;

import io.holdfast.contracts.language.PythonText;
import java.util.List;
import java.util.Locale;

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
