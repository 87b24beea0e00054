package io.holdfast.contracts.language;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a {@code name_pattern} asks of a name: all of its operators must hold, case matters. */
public record NamePattern(Map<?, ?> operators) {

    /** @param argument of the constraint; what is no mapping asks nothing */
    public static NamePattern of(@Nullable Object argument) {
        return new NamePattern(argument instanceof Map<?, ?> operators ? operators : Map.of());
    }

    public boolean matches(String name) {
        return operators.entrySet().stream()
                .allMatch(operator ->
                        matches(name, String.valueOf(operator.getKey()), String.valueOf(operator.getValue())));
    }

    private static boolean matches(String name, String operator, String text) {
        return switch (operator) {
            case "contains" -> name.contains(text);
            case "starts_with" -> name.startsWith(text);
            case "ends_with" -> name.endsWith(text);
            case "equals_to" -> name.equals(text);
            default -> false;
        };
    }
}
