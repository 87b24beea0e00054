package io.holdfast.contracts.language;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values in messages as the existing API, which is written in Python, prints them, because clients compare and show these texts. */
public final class PythonText {

    /** Numbers within are written without an exponent. */
    private static final double PLAIN_FROM = 1e-4;

    private static final double PLAIN_BELOW = 1e16;

    private PythonText() {}

    /** Text as it is, everything else as {@link #repr}. */
    public static String str(@Nullable Object value) {
        return value instanceof String text ? text : repr(value);
    }

    /** {@code 'text'}, {@code True}, {@code None}, {@code ['a', 1]}, {@code {'k': 'v'}} */
    public static String repr(@Nullable Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof String text) {
            return quoted(text);
        }
        if (value instanceof Double || value instanceof Float || value instanceof BigDecimal) {
            return number(((Number) value).doubleValue());
        }
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (value instanceof Collection<?> list) {
            return list.stream().map(PythonText::repr).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> repr(entry.getKey()) + ": " + repr(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value.toString();
    }

    private static String quoted(String text) {
        char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
        StringBuilder written = new StringBuilder().append(quote);
        text.codePoints().forEach(point -> {
            switch (point) {
                case '\\' -> written.append("\\\\");
                case '\n' -> written.append("\\n");
                case '\r' -> written.append("\\r");
                case '\t' -> written.append("\\t");
                default -> {
                    if (point == quote) {
                        written.append('\\').append(quote);
                    } else if (Character.isISOControl(point)) {
                        written.append(String.format("\\x%02x", point));
                    } else {
                        written.appendCodePoint(point);
                    }
                }
            }
        });
        return written.append(quote).toString();
    }

    private static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        String shortest = Double.toString(value);
        double size = Math.abs(value);
        if (size == 0) {
            return shortest;
        }
        BigDecimal digits = new BigDecimal(shortest).stripTrailingZeros();
        if (size >= PLAIN_FROM && size < PLAIN_BELOW) {
            String plain = digits.toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        int exponent = digits.precision() - digits.scale() - 1;
        return digits.movePointLeft(exponent).toPlainString()
                + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /** The name of the value's type: {@code str}, {@code int}, {@code NoneType}, … */
    public static String typeName(@Nullable Object value) {
        if (value == null) {
            return "NoneType";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof Integer || value instanceof Long || value instanceof BigInteger) {
            return "int";
        }
        if (value instanceof Number) {
            return "float";
        }
        if (value instanceof Collection) {
            return "list";
        }
        return value instanceof Map ? "dict" : "str";
    }
}
