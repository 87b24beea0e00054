package io.holdfast.inventory.language;

import io.holdfast.contracts.language.IntrinsicFunctions;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The intrinsic functions: what their arguments look like in a blueprint. */
final class Functions {

    private static final Map<String, Set<String>> SYSTEM_VALUES =
            Map.of("tenant", Set.of("name"), "deployment", Set.of("id", "blueprint", "owner", "name"));

    private Functions() {}

    /** Whether a value is {@code {function: arguments}}. */
    static boolean isFunction(YamlNode node) {
        if (!(node instanceof YamlNode.Mapping mapping) || mapping.entries().size() != 1) {
            return false;
        }
        return IntrinsicFunctions.isName(mapping.entries().keySet().iterator().next());
    }

    static String name(YamlNode function) {
        return ((YamlNode.Mapping) function).entries().keySet().iterator().next();
    }

    static YamlNode argument(YamlNode function) {
        return ((YamlNode.Mapping) function).entries().values().iterator().next();
    }

    /** Every function in a value, the outer before the inner. */
    static void each(YamlNode node, Consumer<YamlNode> found) {
        if (isFunction(node)) {
            found.accept(node);
            each(argument(node), found);
        } else if (node instanceof YamlNode.Mapping mapping) {
            mapping.entries().values().forEach(value -> each(value, found));
        } else if (node instanceof YamlNode.Sequence sequence) {
            sequence.items().forEach(item -> each(item, found));
        }
    }

    static boolean containsFunction(YamlNode node) {
        boolean[] found = {false};
        each(node, function -> found[0] = true);
        return found[0];
    }

    /** Refuses arguments of the wrong number or kind; what they refer to is another question. */
    static void checkShape(YamlNode function) {
        String name = name(function);
        YamlNode argument = argument(function);
        switch (name) {
            case "get_input", "get_label", "get_environment_capability" -> textOrPath(name, argument);
            case "get_secret" -> {
                if (!(argument instanceof YamlNode.Mapping)) {
                    textOrPath(name, argument);
                } else if (!isFunction(argument)) {
                    throw wrong(name, argument, "the secret's name, or a function that gives it");
                }
            }
            case "get_property", "get_attribute", "get_attributes_list" -> list(name, argument, 2, "[node, name, …]");
            case "get_attributes_dict" -> list(name, argument, 2, "[node, name, …]");
            case "get_capability", "get_group_capability" -> list(name, argument, 2, "[deployment, capability, …]");
            case "get_sys" -> systemValue(argument);
            case "concat", "merge" -> {
                if (!(argument instanceof YamlNode.Sequence) && !isFunction(argument)) {
                    throw wrong(name, argument, "a list");
                }
            }
            case "string_find" -> exactly(name, argument, 2, 2, "[text, sought]");
            case "string_replace" -> exactly(name, argument, 3, 4, "[text, old, new] or [text, old, new, count]");
            case "string_split" -> exactly(name, argument, 2, 3, "[text, separator] or [text, separator, index]");
            case "string_lower", "string_upper" -> {
                if (argument instanceof YamlNode.Sequence
                        || (argument instanceof YamlNode.Mapping && !isFunction(argument))) {
                    throw wrong(name, argument, "text");
                }
            }
            default -> {
                // get_consumers takes ids, names or counts: nothing that could be wrong here.
            }
        }
    }

    private static void textOrPath(String name, YamlNode argument) {
        boolean text = argument instanceof YamlNode.Scalar scalar && scalar.value() instanceof String;
        boolean path = argument instanceof YamlNode.Sequence sequence
                && !sequence.items().isEmpty();
        if (!text && !path && !isFunction(argument)) {
            throw wrong(name, argument, "a name, or a list with a name and where to look in its value");
        }
    }

    private static void list(String name, YamlNode argument, int least, String expected) {
        if (!(argument instanceof YamlNode.Sequence sequence)
                || sequence.items().size() < least) {
            throw wrong(name, argument, expected);
        }
    }

    private static void exactly(String name, YamlNode argument, int least, int most, String expected) {
        if (!(argument instanceof YamlNode.Sequence sequence)
                || sequence.items().size() < least
                || sequence.items().size() > most) {
            throw wrong(name, argument, expected);
        }
    }

    private static void systemValue(YamlNode argument) {
        exactly("get_sys", argument, 2, 2, "[tenant, name] or [deployment, id]");
        YamlNode.Sequence sequence = (YamlNode.Sequence) argument;
        String entity = Shape.text(sequence.items().get(0), "the first argument of get_sys");
        String value = Shape.text(sequence.items().get(1), "the second argument of get_sys");
        Set<String> values = SYSTEM_VALUES.get(entity);
        if (values == null) {
            throw new InvalidBlueprint(
                    argument.mark(), "get_sys knows no '" + entity + "'", Texts.oneOf(SYSTEM_VALUES.keySet(), entity));
        }
        if (!values.contains(value)) {
            throw new InvalidBlueprint(
                    argument.mark(), "get_sys knows no '" + value + "' of a " + entity, Texts.oneOf(values, value));
        }
    }

    private static InvalidBlueprint wrong(String name, YamlNode argument, String expected) {
        String found = argument instanceof YamlNode.Sequence sequence
                ? "a list of " + sequence.items().size()
                : argument.described();
        return new InvalidBlueprint(argument.mark(), "'" + name + "' is given " + found, expected);
    }
}
