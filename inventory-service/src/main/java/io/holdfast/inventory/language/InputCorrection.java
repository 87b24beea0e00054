package io.holdfast.inventory.language;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns inputs that were given as another type into what the blueprint declares, where nothing is lost by it. */
public final class InputCorrection {

    private InputCorrection() {}

    /**
     * @param declared declarations of a plan's inputs, by name
     * @return the inputs; what cannot be corrected is as it was
     */
    public static Map<String, @Nullable Object> corrected(Map<?, ?> declared, Map<String, @Nullable Object> inputs) {
        Map<String, @Nullable Object> corrected = new LinkedHashMap<>();
        inputs.forEach((name, value) -> corrected.put(
                name,
                declared.get(name) instanceof Map<?, ?> declaration && declaration.get("type") instanceof String type
                        ? corrected(type, value)
                        : value));
        return corrected;
    }

    private static @Nullable Object corrected(String type, @Nullable Object value) {
        if (type.equals("string") && (value instanceof Number || value instanceof Boolean)) {
            return value.toString();
        }
        if (!(value instanceof String text)) {
            return value;
        }
        try {
            return switch (type) {
                case "integer" -> new BigDecimal(text.strip()).longValueExact();
                case "float" -> Double.valueOf(text.strip());
                case "boolean" ->
                    switch (text.strip().toLowerCase(Locale.ROOT)) {
                        case "true", "yes", "on" -> true;
                        case "false", "no", "off" -> false;
                        default -> text;
                    };
                default -> text;
            };
        } catch (ArithmeticException | NumberFormatException e) {
            return text; // Not of the type: the check of the inputs says so.
        }
    }
}
