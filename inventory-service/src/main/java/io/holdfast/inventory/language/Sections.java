package io.holdfast.inventory.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A blueprint with all that it imports: definitions by section and name, in the order in which they were found. */
final class Sections {

    static final String NODE_TYPES = "node_types";
    static final String DATA_TYPES = "data_types";
    static final String RELATIONSHIPS = "relationships";
    static final String NODE_TEMPLATES = "node_templates";
    static final String INPUTS = "inputs";
    static final String OUTPUTS = "outputs";
    static final String CAPABILITIES = "capabilities";
    static final String WORKFLOWS = "workflows";
    static final String PLUGINS = "plugins";
    static final String GROUPS = "groups";
    static final String POLICIES = "policies";
    static final String POLICY_TYPES = "policy_types";
    static final String POLICY_TRIGGERS = "policy_triggers";
    static final String LABELS = "labels";
    static final String BLUEPRINT_LABELS = "blueprint_labels";
    static final String RESOURCE_TAGS = "resource_tags";

    static final String VERSION = "tosca_definitions_version";
    static final String IMPORTS = "imports";
    static final String DESCRIPTION = "description";
    static final String METADATA = "metadata";
    static final String DSL_DEFINITIONS = "dsl_definitions";
    static final String UPLOAD_RESOURCES = "upload_resources";
    static final String DEPLOYMENT_SETTINGS = "deployment_settings";

    /** Those whose names are merged over all files. */
    static final List<String> NAMED = List.of(
            NODE_TYPES,
            DATA_TYPES,
            RELATIONSHIPS,
            NODE_TEMPLATES,
            INPUTS,
            OUTPUTS,
            CAPABILITIES,
            WORKFLOWS,
            PLUGINS,
            GROUPS,
            POLICIES,
            POLICY_TYPES,
            POLICY_TRIGGERS,
            LABELS,
            BLUEPRINT_LABELS,
            RESOURCE_TAGS);

    /** Those that only one of all files of older versions may have. */
    private static final Set<String> MERGED_SINCE_1_3 =
            Set.of(INPUTS, OUTPUTS, NODE_TEMPLATES, CAPABILITIES, LABELS, BLUEPRINT_LABELS, RESOURCE_TAGS);

    /** Names that say nothing about where they come from. */
    private static final Set<String> WITHOUT_NAMESPACE = Set.of(LABELS, BLUEPRINT_LABELS, RESOURCE_TAGS);

    private final Map<String, Map<String, Definition>> named = new LinkedHashMap<>();
    private final Map<String, YamlNode> whole = new LinkedHashMap<>();
    private final List<String> importedBlueprints = new ArrayList<>();
    private final Map<String, String> namespaces = new LinkedHashMap<>();

    static Set<String> known() {
        Set<String> all = new TreeSet<>(NAMED);
        all.addAll(List.of(
                VERSION, IMPORTS, DESCRIPTION, METADATA, DSL_DEFINITIONS, UPLOAD_RESOURCES, DEPLOYMENT_SETTINGS));
        return all;
    }

    static boolean isNamespaced(String section) {
        return !WITHOUT_NAMESPACE.contains(section);
    }

    Map<String, Definition> of(String section) {
        return named.getOrDefault(section, Map.of());
    }

    /** A section without names, of the main file or else of the first import that has it. */
    @Nullable
    YamlNode whole(String section) {
        return whole.get(section);
    }

    List<String> importedBlueprints() {
        return importedBlueprints;
    }

    /** Namespace to blueprint. */
    Map<String, String> namespaces() {
        return namespaces;
    }

    /** The main file's own definitions. */
    void addAll(YamlNode.Mapping file, boolean shipped) {
        for (String section : NAMED) {
            YamlNode node = file.given(section);
            if (node == null) {
                continue;
            }
            YamlNode.Mapping definitions = Shape.mapping(node, "'" + section + "'");
            for (Map.Entry<String, YamlNode> entry : definitions.entries().entrySet()) {
                add(
                        section,
                        new Definition(entry.getKey(), entry.getValue(), definitions.keyMark(entry.getKey()), shipped));
            }
        }
        for (String section : List.of(DESCRIPTION, METADATA, UPLOAD_RESOURCES, DEPLOYMENT_SETTINGS)) {
            YamlNode node = file.given(section);
            if (node != null) {
                whole.put(section, node);
            }
        }
    }

    /** What an import brings. The same definition twice is fine, two different ones under one name are not. */
    void merge(Sections imported, LanguageVersion version) {
        imported.named.forEach((section, definitions) -> {
            Map<String, Definition> own = version.has(LanguageVersion.DSL_1_3) || !MERGED_SINCE_1_3.contains(section)
                    ? Map.of()
                    : Map.copyOf(of(section));
            definitions.values().forEach(definition -> {
                if (!own.isEmpty() && own.get(definition.name()) != definition) {
                    throw new InvalidBlueprint(
                            definition.mark(),
                            "Import failed: non-mergeable field: '" + section + "'. " + section
                                    + " can be imported multiple times only from cloudify_dsl_1_3 and above.",
                            "tosca_definitions_version: " + LanguageVersion.DSL_1_3.wireName() + " or later");
                }
                add(section, definition);
            });
        });
        for (String section : List.of(UPLOAD_RESOURCES)) {
            YamlNode node = imported.whole.get(section);
            if (node != null) {
                whole.putIfAbsent(section, node);
            }
        }
        imported.importedBlueprints.stream()
                .filter(id -> !importedBlueprints.contains(id))
                .forEach(importedBlueprints::add);
        imported.namespaces.forEach(namespaces::putIfAbsent);
    }

    void add(String section, Definition definition) {
        Map<String, Definition> definitions = named.computeIfAbsent(section, name -> new LinkedHashMap<>());
        Definition known = definitions.putIfAbsent(definition.name(), definition);
        if (known != null && !same(known.node(), definition.node())) {
            if (WITHOUT_NAMESPACE.contains(section) && (isOfPlugin(known) || isOfPlugin(definition))) {
                // What a plugin gives all blueprints that use it is less than what one of them says itself.
                if (!isOfPlugin(definition)) {
                    definitions.put(definition.name(), definition);
                }
                return;
            }
            throw new InvalidBlueprint(
                    definition.mark(),
                    "Import failed: Could not merge '" + section + "' due to conflict on '" + definition.name() + "'",
                    "each name once, in all files together, and this one stands at " + known.mark()
                            + "; a namespace (ns--file.yaml) keeps imports apart");
        }
    }

    private static boolean isOfPlugin(Definition definition) {
        return definition.mark().file().startsWith(Importer.PLUGIN);
    }

    private static boolean same(YamlNode one, YamlNode other) {
        return java.util.Objects.equals(one.toData(), other.toData());
    }
}
