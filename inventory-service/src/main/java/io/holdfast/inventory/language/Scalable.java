package io.holdfast.inventory.language;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
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
        Shape.only(node, what, Set.of(DEFAULT, MIN, MAX));
        Map<String, @Nullable Object> data = standard(1);
        for (String key : Set.of(DEFAULT, MIN, MAX)) {
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
        String problem = problem(data, what);
        if (problem != null) {
            throw new InvalidBlueprint(node.mark(), problem, "min_instances <= default_instances <= max_instances");
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
            if (scalar.value() instanceof Long number && (number >= 0 || (isMax && number == -1))) {
                return number;
            }
        }
        throw new InvalidBlueprint(
                value.mark(),
                "'" + key + "' of " + what + " is " + value.described(),
                isMax ? "a number from 0, or -1 or UNBOUNDED for no limit" : "a number from 0");
    }

    /** What is wrong with numbers that are known; null where nothing is. */
    static @Nullable String problem(Map<String, @Nullable Object> data, String what) {
        if (!(data.get(DEFAULT) instanceof Number instances)
                || !(data.get(MIN) instanceof Number least)
                || !(data.get(MAX) instanceof Number most)) {
            return null;
        }
        if (instances.longValue() < least.longValue()) {
            return what + ": default_instances " + instances + " is less than min_instances " + least;
        }
        if (most.longValue() >= 0 && instances.longValue() > most.longValue()) {
            return what + ": default_instances " + instances + " is greater than max_instances " + most;
        }
        return null;
    }
}
