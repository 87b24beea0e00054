package io.holdfast.inventory.filters;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * One condition of a saved filter (cloudify-api section 14). All rules of a filter must hold.
 *
 * @param label true: {@code key} is a label's key; false: an attribute's name
 * @param values alternatives; empty for the operators that need none
 */
public record FilterRule(boolean label, String key, Operator operator, List<String> values) {

    public enum Operator {
        ANY_OF,
        NOT_ANY_OF,
        IS_NULL,
        IS_NOT_NULL,
        /** Labels: has not this value, or has not the key. */
        IS_NOT,
        CONTAINS,
        NOT_CONTAINS,
        STARTS_WITH,
        ENDS_WITH,
        IS_NOT_EMPTY;

        /** @throws IllegalArgumentException if there is no such operator */
        public static Operator of(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public FilterRule {
        Objects.requireNonNull(key);
        Objects.requireNonNull(operator);
        values = List.copyOf(values);
    }

    /** As it is kept and shown. */
    public Map<String, Object> data() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("key", key);
        data.put("values", values);
        data.put("operator", operator.wireName());
        data.put("type", label ? "label" : "attribute");
        return data;
    }
}
