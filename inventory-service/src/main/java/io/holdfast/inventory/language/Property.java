package io.holdfast.inventory.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a type says about one of its properties, or a blueprint about one of its inputs.
 *
 * @param type null: any value
 * @param fallback the default; null where there is none
 * @param required false: may be missing
 * @param definition as written, for the plan
 */
record Property(
        String name,
        @Nullable String type,
        @Nullable String itemType,
        @Nullable YamlNode fallback,
        boolean required,
        List<Constraint> constraints,
        YamlNode.Mapping definition,
        Mark mark) {

    private static final List<String> KEYS = List.of(
            "required",
            "default",
            "description",
            "type",
            "item_type",
            "constraints",
            "display_label",
            "hidden",
            "display");

    Property {
        constraints = List.copyOf(constraints);
    }

    Property withFallback(@Nullable YamlNode value) {
        return new Property(name, type, itemType, value, required, constraints, definition, mark);
    }

    Property withConstraints(List<Constraint> others) {
        return new Property(name, type, itemType, fallback, required, others, definition, mark);
    }

    /** @param ofInputs whether constraints, labels and the like are allowed, as for inputs and workflow parameters */
    static Map<String, Property> all(
            YamlNode.Mapping schema, String owner, boolean ofInputs, @Nullable LanguageVersion version) {
        Map<String, Property> properties = new LinkedHashMap<>();
        schema.entries().forEach((name, node) -> {
            Mark mark = schema.keyMark(name);
            String what = "'" + name + "' of " + owner;
            properties.put(name, one(name, Shape.mappingOrEmpty(node, what), mark, what, ofInputs, version));
        });
        return properties;
    }

    private static Property one(
            String name,
            YamlNode.Mapping node,
            Mark mark,
            String what,
            boolean ofInputs,
            @Nullable LanguageVersion version) {
        Shape.only(node, what, KEYS);
        Shape.optionalText(node, "description", what);
        String type = Shape.optionalText(node, "type", what);
        String itemType = ofInputs ? Shape.optionalText(node, "item_type", what) : null;
        Boolean required = Shape.optionalFlag(node, "required", what);
        if (version != null) {
            checkVersion(node, type, what, version);
        }
        if (itemType != null && !"list".equals(type)) {
            throw new InvalidBlueprint(
                    node.keyMark("item_type"),
                    "Property item_type defined for unsupported type: '" + (type == null ? "None" : type) + "'",
                    "type: list for " + what);
        }
        if (itemType != null && !ValueTypes.isBuiltIn(itemType)) {
            throw new InvalidBlueprint(
                    node.keyMark("item_type"), "Illegal item_type '" + itemType + "'", "a built-in type for " + what);
        }
        List<Constraint> constraints = new ArrayList<>();
        if (ofInputs) {
            Shape.optionalText(node, "display_label", what);
            Boolean hidden = Shape.optionalFlag(node, "hidden", what);
            if (Boolean.TRUE.equals(hidden) && !Boolean.FALSE.equals(required) && node.get("default") == null) {
                throw new InvalidBlueprint(
                        mark,
                        "Input is both hidden and required thus it should have a default value: '" + name + "'.",
                        "a default, or required: false, for " + what);
            }
            checkDisplay(node, name, type, what);
            boolean searched = ValueTypes.isSearched(type) || ValueTypes.isSearched(itemType);
            for (YamlNode constraint : Shape.list(node.given("constraints"), "'constraints' of " + what)) {
                constraints.add(Constraint.of(constraint, name, what, searched, version));
            }
        }
        return new Property(
                name, type, itemType, node.given("default"), !Boolean.FALSE.equals(required), constraints, node, mark);
    }

    private static void checkDisplay(YamlNode.Mapping node, String name, @Nullable String type, String what) {
        if (node.given("display") == null) {
            return;
        }
        YamlNode.Mapping hints = Shape.mapping(node.given("display"), "'display' of " + what);
        Shape.only(hints, "'display' of " + what, List.of("rows"));
        Shape.optionalInteger(hints, "rows", "'display' of " + what);
        if (!"textarea".equals(type)) {
            throw new InvalidBlueprint(
                    node.keyMark("display"),
                    "`display` property defined for unsupported input type (" + (type == null ? "None" : type)
                            + ") for input `" + name + "`.",
                    "type: textarea for " + what);
        }
    }

    private static void checkVersion(
            YamlNode.Mapping node, @Nullable String type, String what, LanguageVersion version) {
        if (node.given("required") != null) {
            version.require(LanguageVersion.DSL_1_2, "required", what, node.keyMark("required"));
        }
        for (String key : List.of("display_label", "hidden")) {
            if (node.given(key) != null) {
                version.require(LanguageVersion.DSL_1_3, key, what, node.keyMark(key));
            }
        }
        if (node.given("item_type") != null) {
            version.require(LanguageVersion.DSL_1_4, "item_type", what, node.keyMark("item_type"));
        }
        version.require(ValueTypes.since(type), "type '" + type + "'", what, node.keyMark("type"));
    }

    /** As in the plan: what was written, with the default as completed. */
    Map<String, @Nullable Object> toData() {
        Map<String, @Nullable Object> data = definition.toData();
        if (fallback != null) {
            data.put("default", fallback.toData());
        }
        return data;
    }

    static Map<String, @Nullable Object> toData(Map<String, Property> properties) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        properties.forEach((name, property) -> data.put(name, property.toData()));
        return data;
    }
}
