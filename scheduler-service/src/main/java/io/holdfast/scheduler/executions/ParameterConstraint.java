package io.holdfast.scheduler.executions;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One condition that a workflow declares for a parameter's value: {@code {in_range: [1, 10]}}. Source: the Cloudify REST API v3.1.
 *
 * @param errorMessage what a refusal says in place of the condition; null: nothing of its own
 */
record ParameterConstraint(
        String operator,
        @Nullable Object argument,
        @Nullable String errorMessage) {

    private static final String ERROR_MESSAGE = "error_message";
    private static final String VALID_VALUES = "valid_values";

    /** Judged by what the manager has, never by the value alone. */
    private static final Set<String> SEARCHES =
            Set.of("filter_id", "labels", "tenants", "name_pattern", "deployment_id", "blueprint_id");

    /** A value that cannot be compared at all. */
    static final class Incomparable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Incomparable(String text) {
            super(text);
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }

    static List<ParameterConstraint> of(Map<String, Object> declaration) {
        List<ParameterConstraint> all = new ArrayList<>();
        if (declaration.get("constraints") instanceof List<?> declared) {
            for (Object item : declared) {
                if (item instanceof Map<?, ?> operators) {
                    String message = operators.get(ERROR_MESSAGE) instanceof String text ? text : null;
                    operators.forEach((name, argument) -> {
                        if (!ERROR_MESSAGE.equals(name)) {
                            all.add(new ParameterConstraint(String.valueOf(name), argument, message));
                        }
                    });
                }
            }
        }
        return all;
    }

    /** Whether only the manager's things can tell, for a value of this type. */
    boolean isSearch(@Nullable String type) {
        return SEARCHES.contains(operator)
                || operator.equals(VALID_VALUES) && NamedThings.OF_DEPLOYMENTS.contains(type);
    }

    /** By operators, the last of one name counts. */
    static Map<String, Object> searches(List<ParameterConstraint> constraints) {
        Map<String, Object> all = new LinkedHashMap<>();
        constraints.forEach(
                constraint -> all.put(constraint.operator(), Objects.requireNonNullElse(constraint.argument(), "")));
        return all;
    }

    /** @throws Incomparable if the value is of a kind that this operator cannot compare */
    boolean holds(@Nullable Object value) {
        return switch (operator) {
            case "pattern" -> matches(value);
            case VALID_VALUES ->
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
            throw new Incomparable("Value must be of type string, got type '" + kind(value) + "'");
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
            throw new Incomparable("Value is not comparable, the Constraint argument type  is '" + kind(argument)
                    + "' but value type is '" + kind(value) + "'.");
        }
        return number(value).compareTo(number(bound));
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
        throw new Incomparable("Value's length could not be computed. Value type is '" + kind(value) + "'.");
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
            throw new Incomparable("The constraint's argument " + shown(value) + " is not a number");
        }
    }

    /** {@code in_range(1, 10) operator} */
    @Override
    public String toString() {
        String arguments = argument instanceof List<?> list
                ? list.stream().map(ParameterConstraint::shown).collect(Collectors.joining(", "))
                : shown(argument);
        return operator + "(" + arguments + ") operator";
    }

    /** As the existing API prints values: {@code True}, {@code None}, {@code ['a', 1]}; text as it is. */
    static String shown(@Nullable Object value) {
        return value instanceof String text ? text : quoted(value);
    }

    private static String quoted(@Nullable Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof String text) {
            char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
            String escaped = text.replace("\\", "\\\\").replace("\n", "\\n");
            return quote + (quote == '\'' ? escaped.replace("'", "\\'") : escaped) + quote;
        }
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (value instanceof Collection<?> list) {
            return list.stream().map(ParameterConstraint::quoted).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> quoted(entry.getKey()) + ": " + quoted(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value.toString();
    }

    private static String kind(@Nullable Object value) {
        if (value == null) {
            return "NoneType";
        }
        if (value instanceof String) {
            return "str";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof Double || value instanceof BigDecimal) {
            return "float";
        }
        if (value instanceof Number) {
            return "int";
        }
        return value instanceof Map ? "dict" : "list";
    }
}
