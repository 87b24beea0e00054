package io.holdfast.inventory.language;

import io.holdfast.contracts.language.IntrinsicFunctions;
import io.holdfast.contracts.language.PythonText;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Replaces intrinsic functions by their values, as far as they are known. Functions that only the manager can answer stay, and so does
 * what depends on them. For one thread.
 */
final class Evaluator {

    /**
     * What SELF, SOURCE and TARGET mean where a function stands.
     *
     * @param outer what it stands in; null: nothing
     * @param step from there to here: text that is put behind, or an index
     */
    record Context(
            @Nullable String self,
            @Nullable String source,
            @Nullable String target,
            @Nullable Context outer,
            Object step) {

        static Context global(String place) {
            return new Context(null, null, null, null, place);
        }

        static Context of(String node, String place) {
            return new Context(node, null, null, null, place);
        }

        static Context between(String source, String target, String place) {
            return new Context(null, source, target, null, place);
        }

        /** The same, with the text behind the place. */
        Context within(String text) {
            return new Context(self, source, target, this, text);
        }

        private Context at(int index) {
            return new Context(self, source, target, this, index);
        }

        private Context key(String name) {
            return new Context(self, source, target, this, new Key(name));
        }

        /** The same place, where another node is meant by SELF. */
        private Context seenFrom(String node) {
            return new Context(node, null, null, this, "");
        }

        /** {@code nodes.web.properties.ports[0]}; put together when somebody asks, which is when something is wrong. */
        String place() {
            Deque<String> steps = new ArrayDeque<>();
            for (Context context = this; context != null; context = context.outer) {
                steps.addFirst(context.step instanceof Integer index ? "[" + index + "]" : context.step.toString());
            }
            return String.join("", steps);
        }

        /** As the existing API calls it. */
        String scope() {
            if (source != null) {
                return "node_template_relationship";
            }
            String place = place();
            int end = place.indexOf('.');
            return self != null ? "node_template" : end < 0 ? place : place.substring(0, end);
        }
    }

    private record Key(String name) {

        @Override
        public String toString() {
            return "." + name;
        }
    }

    private static final String ERRORS = "dsl_parser.exceptions.";
    private static final String EVALUATION_ERROR = ERRORS + "FunctionEvaluationError";

    private final @Nullable Map<String, YamlNode> inputs;
    private final Map<String, YamlNode.Mapping> properties;
    private final @Nullable RuntimeFunctions atRunTime;
    private final Deque<String> open = new ArrayDeque<>();

    /**
     * @param inputs null while they are not known: {@code get_input} stays then, and so do properties that refer to each other in a
     *     circle, which the existing product finds when a deployment is made
     * @param properties of the nodes, by their names
     */
    Evaluator(@Nullable Map<String, YamlNode> inputs, Map<String, YamlNode.Mapping> properties) {
        this(inputs, properties, null);
    }

    /** @param atRunTime null: functions that only the manager can answer stay */
    Evaluator(
            @Nullable Map<String, YamlNode> inputs,
            Map<String, YamlNode.Mapping> properties,
            @Nullable RuntimeFunctions atRunTime) {
        this.inputs = inputs;
        this.properties = properties;
        this.atRunTime = atRunTime;
    }

    /** @throws Mismatch if a function refers to what is not there */
    YamlNode evaluate(YamlNode node, Context context) {
        if (Functions.isFunction(node)) {
            return function(node, context);
        }
        if (node instanceof YamlNode.Sequence sequence) {
            return new YamlNode.Sequence(each(sequence.items(), context), sequence.mark());
        }
        if (node instanceof YamlNode.Mapping mapping) {
            Map<String, YamlNode> evaluated = new LinkedHashMap<>();
            mapping.entries().forEach((key, value) -> evaluated.put(key, evaluate(value, context.key(key))));
            return new YamlNode.Mapping(evaluated, mapping.keys(), mapping.mark());
        }
        return node;
    }

    private List<YamlNode> each(List<YamlNode> items, Context context) {
        List<YamlNode> evaluated = new ArrayList<>();
        for (YamlNode item : items) {
            evaluated.add(evaluate(item, context.at(evaluated.size())));
        }
        return evaluated;
    }

    private YamlNode function(YamlNode function, Context context) {
        String name = Functions.name(function);
        YamlNode argument = evaluate(Functions.argument(function), context.key(name));
        YamlNode unchanged = ((YamlNode.Mapping) function).with(name, argument);
        String meant = name.startsWith("get_attribute") ? checkNode((YamlNode.Sequence) argument, name, context) : "";
        if (atRunTime != null
                && IntrinsicFunctions.AT_RUN_TIME.contains(name)
                && !Functions.containsFunction(argument)) {
            YamlNode found = atRunTime.evaluate(name, argument, meant, path -> propertyOrNull(meant, path));
            return found == null ? unchanged : found;
        }
        if (IntrinsicFunctions.AT_RUN_TIME.contains(name) || Functions.containsFunction(argument)) {
            return unchanged;
        }
        return switch (name) {
            case "get_input" -> input(unchanged, argument, context);
            case "get_property" -> property(unchanged, (YamlNode.Sequence) argument, context);
            case "concat" -> text(function, concatenated(list(argument, name)));
            case "merge" -> merged(list(argument, name), function.mark());
            default -> ofText(name, argument, function);
        };
    }

    private YamlNode input(YamlNode unchanged, YamlNode argument, Context context) {
        if (inputs == null) {
            return unchanged;
        }
        List<YamlNode> path = argument instanceof YamlNode.Sequence sequence ? sequence.items() : List.of(argument);
        String name = PythonText.str(path.get(0).toData());
        YamlNode value = inputs.get(name);
        if (value == null) {
            throw Mismatch.ofFunction(
                    ERRORS + "UnknownInputError",
                    "get_input function references an unknown input '" + name + "'.",
                    argument.mark());
        }
        YamlNode found = along(
                "input " + name,
                value,
                path.subList(1, path.size()),
                context,
                (inside, index) -> Mismatch.ofFunction(
                        inside instanceof YamlNode.Scalar ? EVALUATION_ERROR : ERRORS + "InputEvaluationError",
                        missingInInput(path, inside, index),
                        argument.mark()));
        if (found == null) {
            return unchanged;
        }
        if (Functions.containsFunction(found)) {
            // What is left of the default stands in the place of the input: it means the same here.
            return found;
        }
        YamlNode type = Functions.resultType(unchanged);
        if (type != null && !ValueTypes.isOfBuiltIn(found, text(type))) {
            throw Mismatch.ofFunction(
                    ERRORS + "InputEvaluationError",
                    "Value '" + text(found) + "' of input '" + text(argument)
                            + "' does not match data type declared for '" + context.place() + "': '" + text(type)
                            + "'.",
                    argument.mark());
        }
        return found;
    }

    private static String missingInInput(List<YamlNode> path, YamlNode inside, int index) {
        YamlNode step = path.get(index + 1);
        String from = joined(path.subList(0, index + 1));
        if (inside instanceof YamlNode.Mapping) {
            return "Input attribute '" + text(step) + "' of '" + from + "', doesn't exist.";
        }
        if (!(inside instanceof YamlNode.Sequence sequence)) {
            return "Unable to evaluate get_input function: Object " + from + " has no attribute " + text(step);
        }
        if (!isInteger(step)) {
            return "Item in index " + index + " in the get_input arguments list ["
                    + path.stream().map(Evaluator::text).collect(Collectors.joining(", "))
                    + "] is expected to be an int but got " + PythonText.typeName(step.toData()) + ".";
        }
        return "List size of '" + from + "' is " + sequence.items().size() + " but index " + text(step)
                + " is retrieved.";
    }

    private YamlNode property(YamlNode unchanged, YamlNode.Sequence argument, Context context) {
        String node = checkNode(argument, "get_property", context);
        YamlNode.Mapping ofNode = properties.get(node);
        if (ofNode == null) {
            return unchanged;
        }
        List<YamlNode> path = argument.items().subList(1, argument.items().size());
        String place = node + ".properties";
        YamlNode found = along(
                place,
                ofNode,
                path,
                context.seenFrom(node),
                (inside, index) -> Mismatch.ofFunction(
                        EVALUATION_ERROR,
                        "Unable to evaluate get_property function: Node template property '" + place + "."
                                + path.stream().map(Evaluator::text).collect(Collectors.joining("."))
                                + "' referenced from '" + context.place() + "' "
                                + missingInProperty(inside, path.get(index)),
                        argument.mark()));
        // SELF in what is left would mean another node here.
        return found == null || Functions.containsFunction(found) ? unchanged : found;
    }

    private static String missingInProperty(YamlNode inside, YamlNode step) {
        if (!(inside instanceof YamlNode.Sequence sequence)) {
            return "doesn't exist.";
        }
        return isInteger(step)
                ? "index is out of range. Got " + text(step) + " but list size is "
                        + sequence.items().size() + "."
                : "is expected " + text(step) + " to be an int but it is a " + PythonText.typeName(step.toData()) + ".";
    }

    /** {@code name.key[0].key}, as the existing API writes paths. */
    static String joined(List<YamlNode> path) {
        StringBuilder joined = new StringBuilder();
        for (YamlNode step : path) {
            if (joined.isEmpty()) {
                joined.append(text(step));
            } else {
                joined.append(isInteger(step) ? "[" + text(step) + "]" : "." + text(step));
            }
        }
        return joined.toString();
    }

    private static String text(YamlNode node) {
        return PythonText.str(node.toData());
    }

    static boolean isInteger(YamlNode node) {
        return PythonText.typeName(node.toData()).equals("int");
    }

    private @Nullable YamlNode propertyOrNull(String node, List<YamlNode> path) {
        YamlNode value = properties.get(node);
        for (YamlNode step : path) {
            value = value == null ? null : child(value, step);
        }
        return value == null ? null : evaluate(value, Context.of(node, node + ".properties"));
    }

    /** What to say of a path that leads nowhere. */
    private interface Missing {
        /** @param index of the step in the path, which is not there in the value that the steps before it led to */
        Mismatch at(YamlNode inside, int index);
    }

    /**
     * What a path leads to, evaluated as far as it can be; only that, so that a value may refer to its sibling.
     *
     * @return null where the manager must answer before the path is at its end
     */
    private @Nullable YamlNode along(String from, YamlNode value, List<YamlNode> path, Context there, Missing missing) {
        StringJoiner steps = new StringJoiner(".");
        path.forEach(step -> steps.add(PythonText.str(step.toData())));
        String name = from + (path.isEmpty() ? "" : "." + steps);
        if (open.contains(name)) {
            if (inputs == null) {
                return null;
            }
            throw Mismatch.ofFunction(
                    ERRORS + "EvaluationRecursionLimitReached",
                    "The recursion limit (50) has been reached while evaluating the deployment. Limit was reached with the"
                            + " following path - " + there.place() + ", in " + Texts.circle(open, name),
                    value.mark());
        }
        open.addLast(name);
        try {
            YamlNode next = value;
            for (int i = 0; i < path.size(); i++) {
                if (Functions.isFunction(next)) {
                    next = evaluate(next, there);
                }
                if (Functions.isFunction(next)) {
                    return null;
                }
                YamlNode child = child(next, path.get(i));
                if (child == null) {
                    throw missing.at(next, i);
                }
                next = child;
            }
            return evaluate(next, there);
        } finally {
            open.removeLast();
        }
    }

    static @Nullable YamlNode child(YamlNode value, YamlNode step) {
        if (value instanceof YamlNode.Mapping mapping) {
            return mapping.get(PythonText.str(step.toData()));
        }
        if (!(value instanceof YamlNode.Sequence sequence)
                || !(step instanceof YamlNode.Scalar scalar)
                || !(scalar.value() instanceof Long index)) {
            return null;
        }
        // Counted from the end, as the existing API does.
        long from = index < 0 ? sequence.items().size() + index : index;
        return from >= 0 && from < sequence.items().size() ? sequence.items().get((int) from) : null;
    }

    /** The node that the first argument means. */
    private String checkNode(YamlNode.Sequence argument, String function, Context context) {
        YamlNode first = argument.items().get(0);
        if (!(first instanceof YamlNode.Scalar scalar) || !(scalar.value() instanceof String name)) {
            return "";
        }
        String meant = switch (name) {
            case "SELF" -> context.self();
            case "SOURCE" -> context.source();
            case "TARGET" -> context.target();
            default -> name;
        };
        if (meant == null) {
            throw new Mismatch(misplaced(name, function, context), first.mark());
        }
        if (!properties.containsKey(meant)) {
            throw new Mismatch(
                    function.equals("get_property")
                            ? "Node " + meant + " does not exist"
                            : function + " function node reference '" + meant + "' does not exist.",
                    first.mark());
        }
        return meant;
    }

    private static String misplaced(String role, String function, Context context) {
        if (!function.equals("get_property")) {
            return role + " cannot be used with " + function + " function in " + context.place();
        }
        return role.equals("SELF")
                ? "SELF can only be used in a context of node template but appears in " + context.scope() + "."
                : role + " can only be used within a relationship but is used in " + context.place();
    }

    private static List<YamlNode> list(YamlNode argument, String name) {
        if (argument instanceof YamlNode.Sequence sequence) {
            return sequence.items();
        }
        throw new Mismatch(name + " needs a list, but got " + argument.described(), argument.mark());
    }

    private static String concatenated(List<YamlNode> items) {
        StringBuilder text = new StringBuilder();
        items.forEach(item -> text.append(PythonText.str(item.toData())));
        return text.toString();
    }

    private static YamlNode merged(List<YamlNode> items, Mark mark) {
        Map<String, YamlNode> all = new LinkedHashMap<>();
        for (YamlNode item : items) {
            if (!(item instanceof YamlNode.Mapping mapping)) {
                throw new Mismatch(
                        "Unable to validate Encountered non-dict element for merge: " + text(item) + " function",
                        item.mark());
            }
            all.putAll(mapping.entries());
        }
        return new YamlNode.Mapping(all, Map.of(), mark);
    }

    private static YamlNode ofText(String name, YamlNode argument, YamlNode function) {
        List<YamlNode> items = argument instanceof YamlNode.Sequence sequence ? sequence.items() : List.of(argument);
        checkTexts(name, items);
        String text = PythonText.str(items.get(0).toData());
        return switch (name) {
            case "string_lower" -> text(function, text.toLowerCase(java.util.Locale.ROOT));
            case "string_upper" -> text(function, text.toUpperCase(java.util.Locale.ROOT));
            case "string_find" ->
                new YamlNode.Scalar(
                        (long) text.indexOf(PythonText.str(items.get(1).toData())), function.mark());
            case "string_replace" -> text(function, replaced(text, items));
            default -> split(text, items, function);
        };
    }

    /** Only texts have parts; other values are not made texts. */
    private static void checkTexts(String name, List<YamlNode> items) {
        List<String> arguments = switch (name) {
            case "string_find" -> List.of("haystack", "needle");
            case "string_replace" -> List.of("haystack", "needle", "replacement");
            case "string_split" -> List.of("input", "separator");
            default -> List.of("input");
        };
        for (int i = 0; i < arguments.size(); i++) {
            YamlNode item = items.get(i);
            if (!(item.toData() instanceof String)) {
                throw Mismatch.ofFunction(
                        EVALUATION_ERROR,
                        "Unable to evaluate " + name + " function: argument `" + arguments.get(i)
                                + "` should be of type <class 'str'> but is <class '"
                                + PythonText.typeName(item.toData()) + "'> (" + text(item) + ")",
                        item.mark());
            }
        }
    }

    private static String replaced(String text, List<YamlNode> items) {
        String old = PythonText.str(items.get(1).toData());
        String by = PythonText.str(items.get(2).toData());
        if (items.size() == 3 || Shape.isNull(items.get(3))) {
            return text.replace(old, by);
        }
        int count = integer(items.get(3));
        String rest = text;
        StringBuilder done = new StringBuilder();
        for (int i = 0; (i < count || count < 0) && !old.isEmpty(); i++) {
            int at = rest.indexOf(old);
            if (at < 0) {
                break;
            }
            done.append(rest, 0, at).append(by);
            rest = rest.substring(at + old.length());
        }
        return done + rest;
    }

    private static YamlNode split(String text, List<YamlNode> items, YamlNode function) {
        String separator = PythonText.str(items.get(1).toData());
        if (separator.isEmpty()) {
            throw new Mismatch("string_split needs a separator", items.get(1).mark());
        }
        String[] parts = text.split(Pattern.quote(separator), -1);
        if (items.size() == 3 && !Shape.isNull(items.get(2))) {
            int index = integer(items.get(2));
            int from = index < 0 ? parts.length + index : index;
            if (from < 0 || from >= parts.length) {
                throw new Mismatch(
                        "string_split has " + parts.length + " parts, but index " + index + " is asked for",
                        items.get(2).mark());
            }
            return text(function, parts[from]);
        }
        List<YamlNode> all = new ArrayList<>();
        for (String part : parts) {
            all.add(text(function, part));
        }
        return new YamlNode.Sequence(all, function.mark());
    }

    private static int integer(YamlNode node) {
        if (node instanceof YamlNode.Scalar scalar
                && scalar.value() instanceof Long number
                && BigInteger.valueOf(number).bitLength() < Integer.SIZE) {
            return number.intValue();
        }
        throw new Mismatch("an index or a count is " + node.described() + ", but must be an integer", node.mark());
    }

    private static YamlNode text(YamlNode function, String text) {
        return new YamlNode.Scalar(text, function.mark());
    }
}
