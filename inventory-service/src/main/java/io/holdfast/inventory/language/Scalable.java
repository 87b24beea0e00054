package io.holdfast.inventory.language;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many instances there are of a node or a group: numbers, or functions that give them. */
final class Scalable {

    static final String DEFAULT = "default_instances";
    static final String MIN = "min_instances";
    static final String MAX = "max_instances";

    private static final String UNBOUNDED = "UNBOUNDED";

    private Scalable() {}

    static Map<String, @Nullable Object> standard(long instances) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put(MIN, 0L);
        data.put(MAX, -1L);
        data.put(DEFAULT, instances);
        data.put("current_instances", instances);
        data.put("planned_instances", instances);
        return data;
    }

    /** @return as in the plan; all five numbers */
    static Map<String, @Nullable Object> of(YamlNode.Mapping node, String what) {
        Shape.only(node, what, List.of(MIN, MAX, DEFAULT));
        Map<String, @Nullable Object> data = standard(1);
        for (String key : List.of(DEFAULT, MIN, MAX)) {
            YamlNode value = node.given(key);
            if (value != null) {
                Object number = number(value, key, what);
                data.put(key, number);
                if (key.equals(DEFAULT)) {
                    data.put("current_instances", number);
                    data.put("planned_instances", number);
                }
            }
        }
        String problem = problem(data);
        if (problem != null) {
            throw new InvalidBlueprint(
                    node.mark(), problem, "min_instances <= default_instances <= max_instances in " + what);
        }
        return data;
    }

    private static @Nullable Object number(YamlNode value, String key, String what) {
        if (Functions.isFunction(value)) {
            return value.toData();
        }
        boolean isMax = key.equals(MAX);
        if (value instanceof YamlNode.Scalar scalar) {
            if (isMax && UNBOUNDED.equals(scalar.value())) {
                return -1L;
            }
            if (scalar.value() instanceof Long number && (number >= (isMax ? 1 : 0) || (isMax && number == -1))) {
                return number;
            }
        }
        throw new InvalidBlueprint(
                value.mark(),
                wrong(value, key),
                (isMax ? "a number from 1, or -1 or UNBOUNDED for no limit" : "a number from 0") + " as '" + key
                        + "' of " + what + ", not " + value.described());
    }

    private static String wrong(YamlNode value, String key) {
        boolean isMax = key.equals(MAX);
        return switch (Shape.typeName(value)) {
            case "dict" -> key + " should be a valid intrinsic function or a value.";
            case "integer" -> key + (isMax ? " should be a positive value." : " should be a non negative value.");
            case "string" ->
                isMax
                        ? "The only valid string for " + key + " is " + UNBOUNDED + "."
                        : "Expected '['integer', 'dict']' type but found 'string' type";
            default ->
                "Expected '" + (isMax ? "['integer', 'string', 'dict']" : "['integer', 'dict']") + "' type but found '"
                        + Shape.typeName(value) + "' type";
        };
    }

    /** What is wrong with the numbers that are known; null where nothing is. */
    static @Nullable String problem(Map<String, @Nullable Object> data) {
        Long instances = data.get(DEFAULT) instanceof Number number ? number.longValue() : null;
        Long least = data.get(MIN) instanceof Number number ? number.longValue() : null;
        Long most = data.get(MAX) instanceof Number number && number.longValue() != -1 ? number.longValue() : null;
        if (instances != null && least != null && instances < least) {
            return DEFAULT + " (" + instances + ") cannot be smaller than " + MIN + " (" + least + ")";
        }
        if (least != null && most != null && least > most) {
            return MIN + " (" + least + ") cannot be greater than " + MAX + " (" + most + ")";
        }
        if (instances != null && most != null && instances > most) {
            return DEFAULT + " (" + instances + ") cannot be greater than " + MAX + " (" + most + ")";
        }
        return null;
    }
}
