package io.holdfast.gateway.manager;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a setting may be: a number of at least so much, as a JSON Schema of two keywords.
 *
 * @param type {@code integer} or {@code number}
 * @param minimum itself allowed
 */
public record SettingSchema(String type, int minimum) {

    /** Whole numbers. */
    public static SettingSchema integer(int minimum) {
        return new SettingSchema("integer", minimum);
    }

    /** Numbers, with a fraction or without. */
    public static SettingSchema number(int minimum) {
        return new SettingSchema("number", minimum);
    }

    /**
     * Why a value is refused, in the words of the manager API's own validator; empty: it is allowed.
     *
     * @param value of a JSON text, as Java has it
     */
    public Optional<String> violation(@Nullable Object value) {
        boolean finite = !(value instanceof Double number) || Double.isFinite(number);
        boolean whole = value instanceof Integer || value instanceof Long || value instanceof BigInteger;
        if (!(whole || type.equals("number") && value instanceof Number && finite)) {
            return Optional.of(shown(value) + " is not of type '" + type + "'");
        }
        return new BigDecimal(String.valueOf(value)).compareTo(BigDecimal.valueOf(minimum)) < 0
                ? Optional.of(value + " is less than the minimum of " + minimum)
                : Optional.empty();
    }

    private static String shown(@Nullable Object value) {
        if (value instanceof String text) {
            return "'" + text + "'";
        }
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (value instanceof List || value instanceof Map) {
            return "a list or an object";
        }
        return value == null ? "None" : value.toString();
    }
}
