package io.holdfast.inventory.language;

import io.holdfast.contracts.language.PythonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values that an import gives to the properties that the plugins of its file declare: {@code plugin:NAME: {PROPERTY: VALUE}}. */
final class PluginProperties {

    private static final String PROPERTIES = "properties";

    private PluginProperties() {}

    /** Refuses what no properties of an import can be, whatever the file declares. */
    static void check(@Nullable YamlNode properties, Mark mark, LanguageVersion version) {
        version.require(LanguageVersion.DSL_1_5, "properties of an import", "", mark);
        if (properties == null || Shape.isNull(properties)) {
            return;
        }
        Shape.mapping(properties, "the import's properties").entries().values().forEach(value -> {
            if (Shape.isNull(value) || value instanceof YamlNode.Mapping && !Functions.isFunction(value)) {
                throw new InvalidBlueprint(
                        value.mark(),
                        "Properties of imported node should either be strings, integers, floats, booleans, lists or"
                                + " intrinsic functions",
                        "one of these");
            }
        });
    }

    /** The imported file with {@code value} beside the {@code type} and {@code default} of each property that is given one. */
    static Sections give(YamlNode.Mapping given, Sections imported) {
        List<Definition> changed = new ArrayList<>();
        for (Definition plugin : imported.of(Sections.PLUGINS).values()) {
            if (plugin.mark().file().equals(imported.file())
                    && plugin.node() instanceof YamlNode.Mapping body
                    && body.given(PROPERTIES) instanceof YamlNode.Mapping declared
                    && !declared.entries().isEmpty()) {
                changed.add(plugin.as(body.with(PROPERTIES, filled(declared, given))));
            }
        }
        return changed.isEmpty() ? imported : imported.with(Sections.PLUGINS, changed);
    }

    private static YamlNode.Mapping filled(YamlNode.Mapping declared, YamlNode.Mapping given) {
        List<String> errors = new ArrayList<>();
        YamlNode.Mapping filled = declared;
        for (Map.Entry<String, YamlNode> property : declared.entries().entrySet()) {
            YamlNode value = given.get(property.getKey());
            if (value == null || !(property.getValue() instanceof YamlNode.Mapping schema)) {
                continue;
            }
            String type = PythonText.str(type(schema).toData());
            if (Functions.isFunction(value) || isOf(type, value, type(schema).mark())) {
                filled = filled.with(property.getKey(), schema.with("value", value));
            } else {
                errors.add("Property " + property.getKey() + ": value '" + PythonText.str(value.toData())
                        + "' should be of type " + type);
            }
        }
        List<String> redundant = given.entries().keySet().stream()
                .filter(name -> !declared.entries().containsKey(name))
                .toList();
        if (!redundant.isEmpty()) {
            errors.add("Properties for imported plugin are redundant: " + PythonText.str(redundant)
                    + ", consider updating import lines");
        }
        if (!errors.isEmpty()) {
            throw new InvalidBlueprint(
                    given.mark(),
                    String.join(".  ", errors),
                    "values for " + String.join(", ", declared.entries().keySet()) + ", of their types");
        }
        return filled;
    }

    private static YamlNode type(YamlNode.Mapping schema) {
        return Shape.required(schema, "type", "the property of a plugin");
    }

    private static boolean isOf(String type, YamlNode value, Mark mark) {
        Object data = value.toData();
        boolean integer = data instanceof Number && !(data instanceof Double);
        return switch (type) {
            case "string" -> data instanceof String || integer || data instanceof Boolean;
            case "integer" -> integer || data instanceof Boolean;
            case "float" -> data instanceof Number || data instanceof Boolean;
            case "boolean" -> data instanceof Boolean;
            case "list" -> data instanceof List;
            default ->
                throw new InvalidBlueprint(
                        mark,
                        "Properties should either be strings, integers, floats, booleans, or lists.",
                        "one of string, integer, float, boolean, list");
        };
    }
}
