package io.holdfast.inventory.language;

import io.holdfast.contracts.language.PythonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A plugin as a blueprint declares it. */
record Plugin(String name, String executor, Map<String, @Nullable Object> data) {

    private static final List<String> SINCE_1_2 = List.of(
            "package_name",
            "package_version",
            "supported_platform",
            "distribution",
            "distribution_version",
            "distribution_release");

    private static final List<String> KEYS = keys();

    private static List<String> keys() {
        List<String> keys = new ArrayList<>(List.of("source", "executor", "install", "install_arguments"));
        keys.addAll(SINCE_1_2);
        keys.addAll(List.of("properties_description", "properties", "blueprint_labels", "labels", "resource_tags"));
        return List.copyOf(keys);
    }

    static Plugin of(Definition definition, LanguageVersion version) {
        String what = "plugin '" + definition.name() + "'";
        YamlNode.Mapping body = definition.mapping(what);
        Shape.only(body, what, KEYS);
        String executor = Shape.requiredText(body, "executor", what);
        if (!executor.equals(Operation.CENTRAL) && !executor.equals(Operation.HOST)) {
            throw new InvalidBlueprint(
                    Shape.required(body, "executor", what).mark(),
                    "Plugin '" + definition.name() + "' has an illegal 'executor' value '" + executor
                            + "'; value must be either '" + Operation.CENTRAL + "' or '" + Operation.HOST + "'",
                    "one of these");
        }
        Boolean install = Shape.optionalFlag(body, "install", what);
        if (Shape.optionalText(body, "install_arguments", what) != null) {
            version.require(LanguageVersion.DSL_1_1, "install_arguments", what, body.keyMark("install_arguments"));
        }
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("source", Shape.optionalText(body, "source", what));
        data.put("executor", executor);
        data.put("install", install == null || install);
        data.put("install_arguments", Shape.optionalText(body, "install_arguments", what));
        for (String key : SINCE_1_2) {
            YamlNode value = body.given(key);
            if (value != null) {
                version.require(LanguageVersion.DSL_1_2, key, what, body.keyMark(key));
                // 1.10 without quotes is a number in YAML.
                data.put(key, PythonText.str(value.toData()));
            } else {
                data.put(key, null);
            }
        }
        checkProperties(body, what, definition.mark().file().startsWith(Importer.PLUGIN) ? null : version);
        data.put("properties_description", Shape.optionalText(body, "properties_description", what));
        data.put(
                "properties",
                Shape.mappingOrEmpty(body, "properties", "'properties' of " + what)
                        .toData());
        data.put("name", definition.name());
        if (!Boolean.FALSE.equals(install) && data.get("source") == null && data.get("package_name") == null) {
            throw new InvalidBlueprint(
                    definition.mark(),
                    "Plugin '" + definition.name()
                            + "' needs to be installed, but does not declare a source or package_name property",
                    "package_name or source, or install: false");
        }
        return new Plugin(definition.name(), executor, data);
    }

    /** @param version null: of a plugin's own file, which is written for the newest */
    private static void checkProperties(YamlNode.Mapping body, String what, @Nullable LanguageVersion version) {
        for (String key : List.of("properties_description", "properties")) {
            if (version != null && body.given(key) != null) {
                version.require(LanguageVersion.DSL_1_5, key, what, body.keyMark(key));
            }
        }
        Shape.mappingOrEmpty(body, "properties", "'properties' of " + what)
                .entries()
                .forEach((name, node) -> {
                    String owner = "the property '" + name + "' of " + what;
                    YamlNode.Mapping property = Shape.mappingOrEmpty(node, owner);
                    Shape.only(property, owner, List.of("description", "type", "display_label", "value", "default"));
                    for (String key : List.of("description", "type", "display_label")) {
                        Shape.optionalText(property, key, owner);
                    }
                });
    }

    /** The same for operations that are carried out there. */
    Plugin executedBy(String otherExecutor) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(data);
        changed.put("executor", otherExecutor);
        return new Plugin(name, otherExecutor, changed);
    }
}
