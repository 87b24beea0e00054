package io.holdfast.gateway.manager;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a setting may be: a number of at least so much, as a JSON Schema of two keywords.
 *
 * @param type {@code integer} or {@code number}
 * @param minimum itself allowed
 */
public record SettingSchema(String type, int minimum) {

    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,100}");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]{0,100}[.][0-9]{1,100}");

    /** Whole numbers. */
    public static SettingSchema integer(int minimum) {
        return new SettingSchema("integer", minimum);
    }

    /** Numbers, with a fraction or without. */
    public static SettingSchema number(int minimum) {
        return new SettingSchema("number", minimum);
    }

    /**
     * A value as it is kept: a text that holds a number becomes that number, since the command line of the manager API sends
     * {@code NAME=VALUE} as texts. All others stay what they are.
     *
     * @param value of a JSON text, as Java has it
     */
    public @Nullable Object read(@Nullable Object value) {
        if (!(value instanceof String text)) {
            return value;
        }
        String digits = text.strip();
        if (WHOLE.matcher(digits).matches()) {
            BigInteger whole = new BigInteger(digits);
            return whole.bitLength() < Long.SIZE ? (Object) whole.longValueExact() : whole;
        }
        return type.equals("number") && DECIMAL.matcher(digits).matches() ? (Object) Double.valueOf(digits) : value;
    }

    /**
     * Why a value is refused, in the words of the manager API; empty: it is allowed.
     *
     * @param value as {@link #read} answers it
     */
    public Optional<String> violation(@Nullable Object value) {
        boolean finite = !(value instanceof Double number) || Double.isFinite(number);
        boolean whole = value instanceof Integer || value instanceof Long || value instanceof BigInteger;
        if (!(whole || type.equals("number") && value instanceof Number && finite)) {
            return Optional.of(shown(value) + (type.equals("integer") ? " is not an integer" : " is not a number"));
        }
        return new BigDecimal(String.valueOf(value)).compareTo(BigDecimal.valueOf(minimum)) < 0
                ? Optional.of(value + " is less than the minimum of " + minimum)
                : Optional.empty();
    }

    private static String shown(@Nullable Object value) {
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (value instanceof List || value instanceof Map) {
            return "a list or an object";
        }
        return value == null ? "None" : value.toString();
    }
}
