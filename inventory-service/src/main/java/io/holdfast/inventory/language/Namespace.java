package io.holdfast.inventory.language;

import static io.holdfast.inventory.language.Sections.DATA_TYPES;
import static io.holdfast.inventory.language.Sections.GROUPS;
import static io.holdfast.inventory.language.Sections.INPUTS;
import static io.holdfast.inventory.language.Sections.NODE_TEMPLATES;
import static io.holdfast.inventory.language.Sections.NODE_TYPES;
import static io.holdfast.inventory.language.Sections.PLUGINS;
import static io.holdfast.inventory.language.Sections.POLICIES;
import static io.holdfast.inventory.language.Sections.POLICY_TRIGGERS;
import static io.holdfast.inventory.language.Sections.POLICY_TYPES;
import static io.holdfast.inventory.language.Sections.RELATIONSHIPS;
import static io.holdfast.inventory.language.Sections.WORKFLOWS;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Puts a prefix before all names that an import defines, and before every reference to one of them. Standard types (from the shipped
 * files, or with names that begin with {@code cloudify.}) keep their names, so that types stay the same in all imports.
 */
final class Namespace {

    static final String DELIMITER = "--";

    static final String STANDARD_PREFIX = "cloudify.";

    private static final Set<String> FUNCTIONS_OF_NODES =
            Set.of("get_property", "get_attribute", "get_attributes_list", "get_attributes_dict");

    private final String prefix;
    private final Sections imported;
    private final Predicate<String> isFile;

    private Namespace(String name, Sections imported, Predicate<String> isFile) {
        this.prefix = name + DELIMITER;
        this.imported = imported;
        this.isFile = isFile;
    }

    /** @param isFile whether an implementation, without namespaces, is a script of one of the archives */
    static Sections apply(String name, Sections imported, Predicate<String> isFile) {
        Namespace namespace = new Namespace(name, imported, isFile);
        Sections renamed = new Sections();
        for (String section : Sections.NAMED) {
            imported.of(section)
                    .values()
                    .forEach(definition -> renamed.add(section, namespace.definition(section, definition)));
        }
        renamed.describe(imported);
        renamed.importedBlueprints().addAll(imported.importedBlueprints());
        imported.namespaces().forEach((inner, id) -> renamed.namespaces().put(namespace.prefix + inner, id));
        return renamed;
    }

    /** A name without all of its namespaces. */
    static String bare(String name) {
        int end = name.lastIndexOf(DELIMITER);
        return end < 0 ? name : name.substring(end + DELIMITER.length());
    }

    private Definition definition(String section, Definition definition) {
        if (definition.shipped()) {
            return definition;
        }
        YamlNode node = body(section, functions(definition.node()));
        return new Definition(reference(section, definition.name()), node, definition.mark(), false);
    }

    /** The new name of what an import defines; other names (standard, primitive, wrong) stay. */
    private String reference(String section, String name) {
        Definition defined = imported.of(section).get(name);
        boolean standard = name.startsWith(STANDARD_PREFIX)
                && Set.of(NODE_TYPES, DATA_TYPES, RELATIONSHIPS, POLICY_TYPES, POLICY_TRIGGERS)
                        .contains(section);
        return defined == null || defined.shipped() || standard || !Sections.isNamespaced(section)
                ? name
                : prefix + name;
    }

    private YamlNode body(String section, YamlNode node) {
        return switch (section) {
            case NODE_TYPES ->
                interfaces(
                        schema(
                                schema(at(node, "derived_from", ref(NODE_TYPES)), "properties"),
                                Types.RUNTIME_PROPERTIES),
                        "interfaces");
            case RELATIONSHIPS ->
                interfaces(
                        schema(at(node, "derived_from", ref(RELATIONSHIPS)), "properties"),
                        "source_interfaces",
                        "target_interfaces");
            case DATA_TYPES -> schema(at(node, "derived_from", ref(DATA_TYPES)), "properties");
            case POLICY_TYPES -> schema(node, "properties");
            case POLICY_TRIGGERS -> schema(node, "parameters");
            case INPUTS -> at(node, "type", ref(DATA_TYPES));
            case NODE_TEMPLATES ->
                at(
                        interfaces(at(node, "type", ref(NODE_TYPES)), "interfaces"),
                        "relationships",
                        each(relationship -> interfaces(
                                at(at(relationship, "type", ref(RELATIONSHIPS)), "target", ref(NODE_TEMPLATES)),
                                "source_interfaces",
                                "target_interfaces")));
            case WORKFLOWS ->
                node instanceof YamlNode.Scalar
                        ? implementation(node)
                        : schema(at(node, "mapping", this::implementation), "parameters");
            case GROUPS ->
                at(
                        at(node, "members", each(this::member)),
                        "policies",
                        values(policy -> at(
                                at(policy, "type", ref(POLICY_TYPES)),
                                "triggers",
                                values(trigger -> at(trigger, "type", ref(POLICY_TRIGGERS))))));
            case POLICIES -> at(node, "targets", each(ref(GROUPS)));
            default -> node;
        };
    }

    private YamlNode member(YamlNode node) {
        return ref(NODE_TEMPLATES).apply(ref(GROUPS).apply(node));
    }

    private UnaryOperator<YamlNode> ref(String section) {
        return node -> node instanceof YamlNode.Scalar scalar && scalar.value() instanceof String name
                ? new YamlNode.Scalar(reference(section, name), node.mark())
                : node;
    }

    /** A script, too, gets the prefix: by it workers know from which blueprint they fetch it. */
    private YamlNode implementation(YamlNode node) {
        if (node instanceof YamlNode.Scalar scalar && scalar.value() instanceof String text) {
            if (isFile.test(bare(text))) {
                return new YamlNode.Scalar(prefix + text, node.mark());
            }
            for (Definition plugin : imported.of(PLUGINS).values()) {
                if (!plugin.shipped() && text.startsWith(plugin.name() + ".")) {
                    return new YamlNode.Scalar(prefix + text, node.mark());
                }
            }
        }
        return node;
    }

    private YamlNode schema(YamlNode node, String key) {
        return at(node, key, values(property -> at(property, "type", ref(DATA_TYPES))));
    }

    private YamlNode interfaces(YamlNode node, String... keys) {
        YamlNode changed = node;
        for (String key : keys) {
            changed = at(
                    changed,
                    key,
                    values(values(operation -> operation instanceof YamlNode.Scalar
                            ? implementation(operation)
                            : schema(at(operation, "implementation", this::implementation), "inputs"))));
        }
        return changed;
    }

    /** Changes one entry of a mapping; what has no such entry stays as it is, to be refused later. */
    private static YamlNode at(YamlNode node, String key, UnaryOperator<YamlNode> change) {
        if (node instanceof YamlNode.Mapping mapping) {
            YamlNode value = mapping.get(key);
            return value == null ? node : mapping.with(key, change.apply(value));
        }
        return node;
    }

    private static UnaryOperator<YamlNode> values(UnaryOperator<YamlNode> change) {
        return node -> {
            if (!(node instanceof YamlNode.Mapping mapping)) {
                return node;
            }
            Map<String, YamlNode> changed = new LinkedHashMap<>();
            mapping.entries().forEach((key, value) -> changed.put(key, change.apply(value)));
            return new YamlNode.Mapping(changed, mapping.keys(), mapping.mark());
        };
    }

    private static UnaryOperator<YamlNode> each(UnaryOperator<YamlNode> change) {
        return node -> {
            if (!(node instanceof YamlNode.Sequence sequence)) {
                return node;
            }
            List<YamlNode> changed = new ArrayList<>();
            sequence.items().forEach(item -> changed.add(change.apply(item)));
            return new YamlNode.Sequence(changed, sequence.mark());
        };
    }

    /** Names of inputs and nodes inside of intrinsic functions, at any depth. */
    private YamlNode functions(YamlNode node) {
        if (node instanceof YamlNode.Sequence) {
            return each(this::functions).apply(node);
        }
        if (!(node instanceof YamlNode.Mapping mapping)) {
            return node;
        }
        if (Functions.isFunction(mapping)) {
            String name = Functions.name(mapping);
            YamlNode argument = Functions.argument(mapping);
            if (name.equals("get_input")) {
                return mapping.with(name, first(functions(argument), ref(INPUTS)));
            }
            if (FUNCTIONS_OF_NODES.contains(name)) {
                return mapping.with(name, first(functions(argument), ref(NODE_TEMPLATES)));
            }
        }
        return values(this::functions).apply(node);
    }

    private static YamlNode first(YamlNode argument, UnaryOperator<YamlNode> change) {
        if (argument instanceof YamlNode.Sequence sequence && !sequence.items().isEmpty()) {
            List<YamlNode> items = new ArrayList<>(sequence.items());
            items.set(0, change.apply(items.get(0)));
            return new YamlNode.Sequence(items, sequence.mark());
        }
        return change.apply(argument);
    }
}
