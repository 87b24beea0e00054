package io.holdfast.inventory.language;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A parsed blueprint in the shape in which the existing API shows it: maps, lists, text, numbers, booleans, null. Intrinsic functions
 * stand in it as they were written.
 */
public record Plan(Map<String, @Nullable Object> data) {

    public Plan {
        Objects.requireNonNull(data);
    }

    public @Nullable String description() {
        return data.get("description") instanceof String text ? text : null;
    }

    /** What deployments of it need: {@code parent_capabilities} and {@code secrets}. */
    public Map<String, @Nullable Object> requirements() {
        return mapping(data.get("requirements"));
    }

    /** Key to values, for the blueprint itself. */
    public Map<String, @Nullable Object> blueprintLabels() {
        return mapping(data.get("blueprint_labels"));
    }

    public List<String> importedBlueprints() {
        return data.get("imported_blueprints") instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    @SuppressWarnings("unchecked") // Plans are made of maps with text as keys only.
    static Map<String, @Nullable Object> mapping(@Nullable Object value) {
        return value instanceof Map ? (Map<String, @Nullable Object>) value : Map.of();
    }
}
