package io.holdfast.inventory.language;

import io.holdfast.contracts.language.IntrinsicFunctions;
import io.holdfast.contracts.language.PythonText;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The intrinsic functions: what their arguments look like in a blueprint. */
final class Functions {

    private static final Map<String, Set<String>> SYSTEM_VALUES =
            Map.of("tenant", Set.of("name"), "deployment", Set.of("id", "blueprint", "owner", "name"));

    private static final List<String> CONSUMERS = List.of("ids", "names", "count");

    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    private Functions() {}

    /** Whether a value is {@code {function: arguments}}, with or without a {@code type}. */
    static boolean isFunction(YamlNode node) {
        return node instanceof YamlNode.Mapping mapping
                && IntrinsicFunctions.nameAmong(mapping.entries().keySet()) != null;
    }

    static String name(YamlNode function) {
        return Objects.requireNonNull(IntrinsicFunctions.nameAmong(
                ((YamlNode.Mapping) function).entries().keySet()));
    }

    static YamlNode argument(YamlNode function) {
        return Objects.requireNonNull(((YamlNode.Mapping) function).get(name(function)));
    }

    /** The type that the result is to have; null where the function says nothing of it. */
    static @Nullable YamlNode resultType(YamlNode function) {
        return ((YamlNode.Mapping) function).given(IntrinsicFunctions.TYPE);
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

    /** Refuses arguments of the wrong number or kind, in the words of the existing API; what they refer to is another question. */
    static void checkShape(YamlNode function) {
        String name = name(function);
        YamlNode argument = argument(function);
        switch (name) {
            case "get_input" -> {
                if (!isText(argument) && !isFunction(argument) && !isPath(argument, 1)) {
                    throw illegal(
                            argument,
                            "argument(s)",
                            name,
                            ". Expected either a string, or a function, or a list [input_name\\function"
                                    + " [, key1\\index1\\function [,...]]] but got " + str(argument));
                }
            }
            case "get_property" -> nodePath(name, argument, "property");
            case "get_attribute", "get_attributes_list" -> nodePath(name, argument, "attribute");
            case "get_attributes_dict" -> attributes(name, argument);
            case "get_secret" -> {
                if (!isText(argument) && !isFunction(argument) && !isList(argument, 2, Integer.MAX_VALUE)) {
                    throw wrong(
                            argument,
                            "Unable to validate `get_secret` function argument should be a list with at least 2 elements, a"
                                    + " string, or a dict (a function). Instead it is a " + withType(argument)
                                    + ". function");
                }
            }
            case "get_capability" -> capability(name, argument, "deployment ID", false);
            case "get_group_capability" -> capability(name, argument, "group ID", true);
            case "get_environment_capability" -> environmentCapability(argument);
            case "get_label" -> label(argument);
            case "get_sys" -> systemValue(argument);
            case "get_consumers" -> {
                if (!CONSUMERS.contains(argument.toData())) {
                    throw illegal(
                            argument,
                            "argument",
                            name,
                            ". Expected a property string (one of: " + String.join(", ", CONSUMERS) + "), but got "
                                    + str(argument));
                }
            }
            case "concat", "merge" -> {
                if (!(argument instanceof YamlNode.Sequence sequence)) {
                    throw illegal(
                            argument,
                            "arguments",
                            name,
                            ". Expected: [arg1\\function1, arg2\\function2, ...]but got: " + str(argument) + ".");
                }
                for (YamlNode item : name.equals("merge") ? sequence.items() : List.<YamlNode>of()) {
                    if (!(item instanceof YamlNode.Mapping)) {
                        throw wrong(
                                item,
                                "Unable to validate Encountered non-dict element for merge: " + str(item)
                                        + " function");
                    }
                }
            }
            case "string_find" -> texts(name, argument, 2, "exactly two parameters", "haystack", "needle");
            case "string_replace" ->
                texts(name, argument, 3, "three or four parameters", "haystack", "needle", "replacement", "count");
            case "string_split" -> texts(name, argument, 2, "two or three parameters", "input", "separator", "index");
            default -> oneText(name, argument);
        }
    }

    private static void nodePath(String name, YamlNode argument, String what) {
        if (!isPath(argument, 2)) {
            throw illegal(
                    argument,
                    "arguments",
                    name,
                    ". Expected: [ node_name\\function, " + what + "_name\\function [, nested-" + what
                            + "-1\\function, ... ] but got: " + str(argument) + ".");
        }
    }

    private static void attributes(String name, YamlNode argument) {
        List<YamlNode> items = argument instanceof YamlNode.Sequence sequence ? sequence.items() : List.of();
        boolean legal = items.size() > 1 && isStep(items.get(0));
        Set<String> seen = new HashSet<>();
        Set<String> twice = new LinkedHashSet<>();
        for (YamlNode path : items.subList(Math.min(1, items.size()), items.size())) {
            List<YamlNode> steps = path instanceof YamlNode.Sequence sequence ? sequence.items() : List.of(path);
            legal = legal && steps.stream().allMatch(Functions::isStep);
            String joined = steps.stream().map(Functions::str).collect(Collectors.joining("."));
            if (!seen.add(joined)) {
                twice.add(joined);
            }
        }
        if (!legal) {
            throw illegal(
                    argument,
                    "arguments",
                    name,
                    ". Expected: [ node_name\\function, list of attribute_name\\function or [attribute_name\\function,"
                            + " nested-attribute-1\\function], ... ] but got: " + str(argument) + ".");
        }
        if (!twice.isEmpty()) {
            throw wrong(
                    argument,
                    "Unable to evaluate One or more duplicated or ambiguous attribute paths found: "
                            + String.join(", ", twice) + " function");
        }
    }

    private static void capability(String name, YamlNode argument, String first, boolean listOfCapabilities) {
        if (!(argument instanceof YamlNode.Sequence sequence)) {
            throw wrong(
                    argument,
                    "`" + name + "` function argument should be a list. Instead it is a " + withType(argument) + ".");
        }
        List<YamlNode> items = sequence.items();
        if (items.size() < 2) {
            throw wrong(
                    argument,
                    "`" + name + "` function argument should be a list with 2 elements at least - [ " + first
                            + ", capability ID [, key/index[, key/index [...]]] ]. Instead it is: ["
                            + items.stream().map(Functions::str).collect(Collectors.joining(",")) + "]");
        }
        for (int i = 0; i < items.size(); i++) {
            if (!isStep(items.get(i)) && !(listOfCapabilities && i == 1 && items.get(i) instanceof YamlNode.Sequence)) {
                throw complex(name, items.get(i), i);
            }
        }
    }

    private static void environmentCapability(YamlNode argument) {
        String name = "get_environment_capability";
        if (isText(argument)) {
            return;
        }
        if (!(argument instanceof YamlNode.Sequence sequence)) {
            throw notValidated(
                    argument,
                    "`" + name + "`",
                    "`" + name + "` function argument should be a string or list with more than one item are accepted."
                            + " Instead, it is a " + withType(argument) + ".");
        }
        if (sequence.items().size() < 2) {
            throw notValidated(
                    argument,
                    "`" + name + "`",
                    "`" + name
                            + "` function arguments can't be list with only one item; only string or list with more than"
                            + " one item are accepted. Instead, it is a " + withType(argument) + ".");
        }
        for (int i = 0; i < sequence.items().size(); i++) {
            if (!isStep(sequence.items().get(i))) {
                throw complex(name, sequence.items().get(i), i);
            }
        }
    }

    private static InvalidBlueprint complex(String name, YamlNode item, int index) {
        return wrong(
                item,
                "`" + name + "` function arguments can't be complex values; only strings/ints/functions are accepted."
                        + " Instead, the item with index " + index + " is " + str(item) + " of type " + type(item));
    }

    private static void label(YamlNode argument) {
        String name = "`get_label`";
        if (isText(argument) || isFunction(argument)) {
            return;
        }
        if (!isList(argument, 2, 2)) {
            throw notValidated(
                    argument,
                    name,
                    name
                            + " function argument should be a list of 2 elements ([<label-key>, <label-values list index>]), a"
                            + " string (<label-key>), or a dict (a function). Instead, it is a " + withType(argument)
                            + ".");
        }
        YamlNode key = ((YamlNode.Sequence) argument).items().get(0);
        YamlNode index = ((YamlNode.Sequence) argument).items().get(1);
        if (!isText(key) && !isFunction(key)) {
            throw notValidated(
                    key,
                    name,
                    "the <label-key> should be a string or a dict (a function). Instead, it is a " + withType(key)
                            + ".");
        }
        if (!PythonText.typeName(index.toData()).equals("int")
                && !(isText(index) && DIGITS.matcher(str(index)).matches())) {
            throw notValidated(
                    index,
                    name,
                    "the <label-values list index> should be a number (in string or int form). Instead, it is a "
                            + withType(index) + ".");
        }
    }

    private static void systemValue(YamlNode argument) {
        if (!isPath(argument, 2)) {
            throw illegal(
                    argument,
                    "argument(s)",
                    "get_sys",
                    ". Expected a 2-element list identifying an entity and its requested property (e.g. [tenant, name] or"
                            + " [deployment, id]) but got " + str(argument));
        }
        YamlNode entity = ((YamlNode.Sequence) argument).items().get(0);
        YamlNode value = ((YamlNode.Sequence) argument).items().get(1);
        if (isFunction(entity)) {
            return;
        }
        Set<String> values = SYSTEM_VALUES.get(str(entity));
        if (values == null) {
            throw InvalidBlueprint.unparsable(
                    entity.mark(),
                    "get_sys function unable to determine entity: " + str(entity),
                    Texts.oneOf(SYSTEM_VALUES.keySet(), str(entity)),
                    null);
        }
        if (!isFunction(value) && !values.contains(str(value))) {
            throw InvalidBlueprint.unparsable(
                    value.mark(),
                    "get_sys function unable to determine property: " + str(entity) + " " + str(value),
                    Texts.oneOf(values, str(value)),
                    null);
        }
    }

    /** A list of texts, and of one number where there are more than the least. */
    private static void texts(String name, YamlNode argument, int least, String expected, String... names) {
        int most = name.equals("string_find") ? least : least + 1;
        if (!isList(argument, least, most)) {
            throw notValidated(argument, name, "should be called with " + expected);
        }
        List<YamlNode> items = ((YamlNode.Sequence) argument).items();
        for (int i = 0; i < items.size(); i++) {
            boolean number = i >= least;
            YamlNode item = items.get(i);
            if (!isFunction(item) && !(number ? isInteger(item) || Shape.isNull(item) : isText(item))) {
                throw mistyped(name, names[i], number ? "int" : "str", item);
            }
        }
    }

    private static void oneText(String name, YamlNode argument) {
        boolean mapping =
                argument instanceof YamlNode.Mapping given && given.entries().size() == 1;
        if (!isText(argument) && !mapping) {
            throw notValidated(argument, name, "should be called with exactly one parameter");
        }
        if (mapping && !isFunction(argument)) {
            throw mistyped(name, "input", "str", argument);
        }
    }

    private static InvalidBlueprint mistyped(String function, String argument, String type, YamlNode found) {
        return notValidated(
                found,
                function,
                "argument `" + argument + "` should be of type <class '" + type + "'> but is " + type(found) + " ("
                        + str(found) + ")");
    }

    private static boolean isText(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.value() instanceof String;
    }

    private static boolean isInteger(YamlNode node) {
        return node instanceof YamlNode.Scalar && Set.of("int", "bool").contains(PythonText.typeName(node.toData()));
    }

    /** What may stand in a path. */
    private static boolean isStep(YamlNode node) {
        return isText(node) || isInteger(node) || isFunction(node);
    }

    private static boolean isPath(YamlNode node, int least) {
        return isList(node, least, Integer.MAX_VALUE)
                && ((YamlNode.Sequence) node).items().stream().allMatch(Functions::isStep);
    }

    private static boolean isList(YamlNode node, int least, int most) {
        return node instanceof YamlNode.Sequence sequence
                && sequence.items().size() >= least
                && sequence.items().size() <= most;
    }

    private static String str(YamlNode node) {
        return PythonText.str(node.toData());
    }

    private static String type(YamlNode node) {
        return "<class '" + PythonText.typeName(node.toData()) + "'>";
    }

    private static String withType(YamlNode node) {
        return type(node) + " with the value: " + str(node);
    }

    private static InvalidBlueprint illegal(YamlNode argument, String what, String function, String rest) {
        return wrong(argument, "Illegal " + what + " passed to " + function + " function" + rest);
    }

    private static InvalidBlueprint notValidated(YamlNode argument, String function, String reason) {
        return wrong(argument, "Unable to validate " + function + " function: " + reason);
    }

    private static InvalidBlueprint wrong(YamlNode argument, String found) {
        return InvalidBlueprint.unparsable(argument.mark(), found, "arguments as the function takes them", null);
    }
}
