package io.holdfast.contracts.language;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One condition that is judged by a value alone: {@code {in_range: [1, 10]}}. Source: the Cloudify REST API v3.1. */
public record ValueConstraint(String operator, @Nullable Object argument) {

    /** A value that cannot be compared at all. */
    public static final class Incomparable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Incomparable(String text) {
            super(text);
        }

        /** As the existing API says it. */
        public String text() {
            return String.valueOf(getMessage());
        }
    }

    /** @throws Incomparable if the value is of a kind that this operator cannot compare */
    public boolean holds(@Nullable Object value) {
        return switch (operator) {
            case "pattern" -> matches(value);
            case "valid_values" ->
                argument instanceof List<?> valid && valid.stream().anyMatch(item -> same(item, value));
            case "equal" -> same(argument, value);
            case "length" -> length(value) == number(argument).intValue();
            case "min_length" -> length(value) >= number(argument).intValue();
            case "max_length" -> length(value) <= number(argument).intValue();
            case "in_range" ->
                argument instanceof List<?> range
                        && range.size() == 2
                        && order(value, range.get(0)) >= 0
                        && order(value, range.get(1)) <= 0;
            case "greater_than" -> order(value, argument) > 0;
            case "greater_or_equal" -> order(value, argument) >= 0;
            case "less_than" -> order(value, argument) < 0;
            case "less_or_equal" -> order(value, argument) <= 0;
            default -> throw new Incomparable("There is no constraint operator '" + operator + "'");
        };
    }

    private boolean matches(@Nullable Object value) {
        if (!(value instanceof String text)) {
            throw new Incomparable("Value must be of type string, got type '" + PythonText.typeName(value) + "'");
        }
        try {
            return Pattern.compile(String.valueOf(argument).replace("(?P<", "(?<"))
                    .matcher(text)
                    .lookingAt();
        } catch (PatternSyntaxException e) {
            throw new Incomparable("The pattern is no regular expression: " + e.getDescription());
        }
    }

    private int order(@Nullable Object value, @Nullable Object bound) {
        if (!(value instanceof Number || value instanceof Boolean)) {
            throw incomparable(value);
        }
        return number(value).compareTo(number(bound));
    }

    /** What a value is told that has no order. */
    public Incomparable incomparable(@Nullable Object value) {
        return new Incomparable("Value is not comparable, the Constraint argument type  is '"
                + PythonText.typeName(argument) + "' but value type is '" + PythonText.typeName(value) + "'.");
    }

    private static int length(@Nullable Object value) {
        if (value instanceof String text) {
            return text.codePointCount(0, text.length());
        }
        if (value instanceof Collection<?> list) {
            return list.size();
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        throw new Incomparable(
                "Value's length could not be computed. Value type is '" + PythonText.typeName(value) + "'.");
    }

    private static boolean same(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Number && other instanceof Number) {
            return number(one).compareTo(number(other)) == 0;
        }
        return Objects.equals(one, other);
    }

    private static BigDecimal number(@Nullable Object value) {
        if (value instanceof Boolean flag) {
            return flag ? BigDecimal.ONE : BigDecimal.ZERO;
        }
        try {
            return new BigDecimal(String.valueOf(value));
        } catch (NumberFormatException e) {
            throw new Incomparable("The constraint's argument " + PythonText.str(value) + " is not a number");
        }
    }

    /** {@code in_range(1, 10) operator} */
    @Override
    public String toString() {
        String arguments = argument instanceof List<?> list
                ? list.stream().map(PythonText::str).collect(Collectors.joining(", "))
                : PythonText.str(argument);
        return operator + "(" + arguments + ") operator";
    }
}
