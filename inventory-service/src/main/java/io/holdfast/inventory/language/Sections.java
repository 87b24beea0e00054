package io.holdfast.inventory.language;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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

    /** Those that only one of all files may have, whatever the version. */
    private static final Set<String> ONCE = Set.of(POLICIES, DEPLOYMENT_SETTINGS, UPLOAD_RESOURCES);

    /** Names that say nothing about where they come from. */
    private static final Set<String> WITHOUT_NAMESPACE = Set.of(LABELS, BLUEPRINT_LABELS, RESOURCE_TAGS);

    private final Map<String, Map<String, Definition>> named = new LinkedHashMap<>();
    private final Map<String, YamlNode> whole = new LinkedHashMap<>();
    private final List<String> importedBlueprints = new ArrayList<>();
    private final Map<String, String> namespaces = new LinkedHashMap<>();

    /** Definitions that others took the place of: a file that is imported again brings them no second time. */
    private final Set<Superseded> superseded = new HashSet<>();

    private String file = "";

    private record Superseded(String section, String name, Mark mark) {}

    /** In the order in which the existing API names them. */
    static List<String> known() {
        return List.of(
                VERSION,
                DESCRIPTION,
                IMPORTS,
                DSL_DEFINITIONS,
                METADATA,
                INPUTS,
                PLUGINS,
                NODE_TYPES,
                RELATIONSHIPS,
                NODE_TEMPLATES,
                POLICY_TYPES,
                POLICY_TRIGGERS,
                GROUPS,
                POLICIES,
                WORKFLOWS,
                OUTPUTS,
                DATA_TYPES,
                CAPABILITIES,
                LABELS,
                BLUEPRINT_LABELS,
                DEPLOYMENT_SETTINGS,
                RESOURCE_TAGS,
                UPLOAD_RESOURCES);
    }

    static boolean isNamespaced(String section) {
        return !WITHOUT_NAMESPACE.contains(section);
    }

    Map<String, Definition> of(String section) {
        return named.getOrDefault(section, Map.of());
    }

    /** A section without names, of the main file or else of the first import that has it. Imports with a namespace give a description only. */
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

    /** The name of the file whose imports these are. */
    String file() {
        return file;
    }

    /** The same, but these definitions in place of those of the same names. */
    Sections with(String section, Collection<Definition> definitions) {
        Sections changed = new Sections();
        changed.file = file;
        named.forEach((name, known) -> changed.named.put(name, new LinkedHashMap<>(known)));
        changed.whole.putAll(whole);
        changed.superseded.addAll(superseded);
        changed.importedBlueprints.addAll(importedBlueprints);
        changed.namespaces.putAll(namespaces);
        definitions.forEach(definition -> changed.named
                .computeIfAbsent(section, name -> new LinkedHashMap<>())
                .put(definition.name(), definition));
        return changed;
    }

    /** A file's own definitions. */
    void addAll(YamlNode.Mapping root, boolean shipped) {
        file = root.mark().file();
        for (String section : NAMED) {
            YamlNode node = root.given(section);
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
            YamlNode node = root.given(section);
            if (node != null) {
                whole.put(section, node);
            }
        }
    }

    /** What an import brings. The same definition over two imports is fine, two under one name are not, unless it is a name of standard types. */
    void merge(Sections imported, LanguageVersion version) {
        superseded.addAll(imported.superseded);
        imported.named.forEach((section, definitions) -> {
            Map<String, Definition> own = version.has(LanguageVersion.DSL_1_3) || !MERGED_SINCE_1_3.contains(section)
                    ? Map.of()
                    : Map.copyOf(of(section));
            Map<String, Definition> alone = ONCE.contains(section) ? Map.copyOf(of(section)) : Map.of();
            definitions.values().forEach(definition -> {
                Definition there = alone.get(definition.name());
                if (!alone.isEmpty() && (there == null || !isSame(there, definition))) {
                    throw notMergeable(section, definition.mark());
                }
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
        imported.whole.forEach((section, node) -> {
            YamlNode own = whole.putIfAbsent(section, node);
            if (own != null && own != node && ONCE.contains(section)) {
                throw notMergeable(section, node.mark());
            }
        });
        imported.importedBlueprints.stream()
                .filter(id -> !importedBlueprints.contains(id))
                .forEach(importedBlueprints::add);
        imported.namespaces.forEach(namespaces::putIfAbsent);
    }

    /** The description of an import, if there is none yet. */
    void describe(Sections imported) {
        YamlNode description = imported.whole.get(DESCRIPTION);
        if (description != null) {
            whole.putIfAbsent(DESCRIPTION, description);
        }
    }

    private static InvalidBlueprint notMergeable(String section, Mark mark) {
        return new InvalidBlueprint(
                mark, "Import failed: non-mergeable field: '" + section + "'", "'" + section + "' in one file only");
    }

    void add(String section, Definition definition) {
        Map<String, Definition> definitions = named.computeIfAbsent(section, name -> new LinkedHashMap<>());
        Definition known = definitions.putIfAbsent(definition.name(), definition);
        if (known == null || isSame(known, definition)) {
            return;
        }
        if (definition.shipped() || definition.name().startsWith(Namespace.STANDARD_PREFIX)) {
            // Names of the standard types may be defined again; the last one counts.
            if (!superseded.contains(new Superseded(section, definition.name(), definition.mark()))) {
                superseded.add(new Superseded(section, known.name(), known.mark()));
                definitions.put(definition.name(), definition);
            }
            return;
        }
        if (WITHOUT_NAMESPACE.contains(section)) {
            // What a plugin gives all blueprints that use it is less than what one of them says itself.
            if (isOfPlugin(known) && !isOfPlugin(definition)) {
                definitions.put(definition.name(), definition);
            }
            return;
        }
        definitions.put(
                definition.name(),
                together(section, known, definition)
                        .orElseThrow(() -> new InvalidBlueprint(
                                definition.mark(),
                                "Import failed: Could not merge '" + section + "' due to conflict on '"
                                        + definition.name() + "'",
                                "each name once, in all files together, and this one stands at " + known.mark()
                                        + "; a namespace (ns--file.yaml) keeps imports apart")));
    }

    /** One definition of two, where they may be written in parts. */
    private static Optional<Definition> together(String section, Definition known, Definition added) {
        if (!(known.node() instanceof YamlNode.Mapping one) || !(added.node() instanceof YamlNode.Mapping other)) {
            return Optional.empty();
        }
        return switch (section) {
            case WORKFLOWS -> Optional.of(known.as(completed(one, other)));
            case NODE_TEMPLATES -> withRelationships(one, other).map(known::as);
            default -> Optional.empty();
        };
    }

    private static YamlNode.Mapping completed(YamlNode.Mapping known, YamlNode.Mapping added) {
        YamlNode.Mapping completed = known;
        for (Map.Entry<String, YamlNode> entry : added.entries().entrySet()) {
            if (!known.entries().containsKey(entry.getKey())) {
                completed = completed.with(entry.getKey(), entry.getValue());
            }
        }
        return completed;
    }

    /** A node template, and one with nothing but more relationships of it. Empty for two that say other things, too. */
    private static Optional<YamlNode.Mapping> withRelationships(YamlNode.Mapping known, YamlNode.Mapping added) {
        if (!onlyRelationships(known) && !onlyRelationships(added)) {
            return isPartOf(added, known) ? Optional.of(known) : Optional.empty();
        }
        YamlNode.Mapping whole = completed(known, added);
        if (!(known.given(RELATIONSHIPS) instanceof YamlNode.Sequence first)
                || !(added.given(RELATIONSHIPS) instanceof YamlNode.Sequence more)) {
            return Optional.of(whole);
        }
        List<YamlNode> relationships = new ArrayList<>(first.items());
        // A file that is imported twice brings them once.
        more.items().stream().filter(item -> !contains(first, item)).forEach(relationships::add);
        return Optional.of(whole.with(RELATIONSHIPS, new YamlNode.Sequence(relationships, first.mark())));
    }

    private static boolean onlyRelationships(YamlNode.Mapping template) {
        return template.entries().size() == 1 && template.given(RELATIONSHIPS) instanceof YamlNode.Sequence;
    }

    /** Whether it has been put together with it before. */
    private static boolean isPartOf(YamlNode.Mapping part, YamlNode.Mapping whole) {
        return part.entries().entrySet().stream().allMatch(entry -> {
            YamlNode known = whole.get(entry.getKey());
            if (known instanceof YamlNode.Sequence all && entry.getValue() instanceof YamlNode.Sequence some) {
                return entry.getKey().equals(RELATIONSHIPS)
                        ? some.items().stream().allMatch(item -> contains(all, item))
                        : same(all, some);
            }
            return known != null && same(known, entry.getValue());
        });
    }

    private static boolean contains(YamlNode.Sequence all, YamlNode one) {
        return all.items().stream().anyMatch(item -> same(item, one));
    }

    private static boolean isOfPlugin(Definition definition) {
        return definition.mark().file().startsWith(Importer.PLUGIN);
    }

    /** Whether it is one definition that came over two imports. */
    private static boolean isSame(Definition one, Definition other) {
        return one.mark().equals(other.mark()) && same(one.node(), other.node());
    }

    private static boolean same(YamlNode one, YamlNode other) {
        return Objects.equals(one.toData(), other.toData());
    }
}
