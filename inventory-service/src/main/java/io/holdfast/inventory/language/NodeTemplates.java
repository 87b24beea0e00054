package io.holdfast.inventory.language;

import io.holdfast.contracts.language.PythonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the node templates of a blueprint. */
final class NodeTemplates {

    private static final List<String> KEYS =
            List.of("type", "instances", "capabilities", "interfaces", "relationships", "properties");

    private static final List<String> RELATIONSHIP_KEYS =
            List.of("type", "target", "properties", "source_interfaces", "target_interfaces");

    private static final String AFTER_OPERATION = "cloudify.relationships.depends_on_lifecycle_operation";

    private static final ValueTypes.Wording NODE = new ValueTypes.Wording(
            "'{0}' node '{1}' property is not part of the derived type properties schema",
            "'{0}' node does not provide a value for mandatory '{1}' property which is part of its type schema");

    private static final ValueTypes.Wording RELATIONSHIP = new ValueTypes.Wording(
            "'{0}' node relationship '{1}' property is not part of the derived relationship type properties schema",
            "'{0}' node relationship does not provide a value for mandatory '{1}' property which is part of its"
                    + " relationship type schema");

    private final Types types;
    private final LanguageVersion version;
    private final Map<String, Definition> definitions;

    NodeTemplates(Sections sections, Types types, LanguageVersion version) {
        this.types = types;
        this.version = version;
        this.definitions = sections.of(Sections.NODE_TEMPLATES);
    }

    Map<String, NodeTemplate> read() {
        Map<String, NodeTemplate> nodes = new LinkedHashMap<>();
        definitions.values().forEach(definition -> nodes.put(definition.name(), node(definition)));
        Set<String> done = new LinkedHashSet<>();
        nodes.values().forEach(node -> checkCircles(node, nodes, new LinkedHashSet<>(), done));
        return nodes;
    }

    private NodeTemplate node(Definition definition) {
        String name = definition.name();
        String what = "node template '" + name + "'";
        YamlNode.Mapping body = definition.mapping(what);
        Shape.only(body, what, KEYS);
        String typeName = Shape.requiredText(body, "type", what);
        ElementType type = types.nodeTypes().get(typeName);
        if (type == null) {
            throw new InvalidBlueprint(
                    Shape.required(body, "type", what).mark(),
                    "Could not locate node type: '" + typeName + "'; existing types: "
                            + PythonText.repr(types.nodeTypes().keySet()),
                    "one that exists in " + what + Texts.near(types.nodeTypes().keySet(), typeName));
        }
        YamlNode.Mapping properties = properties(
                Shape.mappingOrEmpty(body, "properties", "'properties' of " + what),
                type,
                NODE,
                name,
                definition.mark());
        YamlNode external = properties.get("use_external_resource");
        if (external != null && Functions.isFunction(external)) {
            throw new InvalidBlueprint(
                    external.mark(),
                    "Only boolean values are allowed for `use_external_resource` property, don't use intrinsic functions.",
                    "true or false in " + what);
        }
        Interfaces interfaces = Interfaces.of(
                        Shape.mappingOrEmpty(body, "interfaces", "'interfaces' of " + what), what, false, version)
                .overType(type.interfaces(Types.INTERFACES), what);
        Long deploy = deploy(body, what);
        return new NodeTemplate(
                name,
                type,
                properties,
                interfaces,
                relationships(body, name, what),
                scalable(body, name, what, deploy),
                deploy,
                definition.mark());
    }

    private YamlNode.Mapping properties(
            YamlNode.Mapping given, ElementType type, ValueTypes.Wording wording, String owner, Mark mark) {
        try {
            return types.valueTypes().complete(given, type.properties(), null, wording, owner, List.of(), true);
        } catch (Mismatch e) {
            throw Types.mismatch(
                    e, mark, "the properties of '" + type.name() + "': " + String.join(", ", describe(type)));
        }
    }

    private static List<String> describe(ElementType type) {
        List<String> described = new ArrayList<>();
        type.properties()
                .forEach((name, property) ->
                        described.add(property.type() == null ? name : name + " (" + property.type() + ")"));
        return described.isEmpty() ? List.of("none") : described;
    }

    private static @Nullable Long deploy(YamlNode.Mapping body, String what) {
        YamlNode.Mapping instances = Shape.mappingOrEmpty(body, "instances", "'instances' of " + what);
        Shape.only(instances, "'instances' of " + what, List.of("deploy"));
        Long deploy = Shape.optionalInteger(instances, "deploy", "'instances' of " + what);
        if (deploy != null && deploy < 0) {
            throw new InvalidBlueprint(
                    instances.keyMark("deploy"),
                    "deploy instances must be a non-negative number",
                    "a number from 0 for " + what + ", not " + deploy);
        }
        if (deploy == null && body.given("instances") != null) {
            throw new InvalidBlueprint(
                    instances.mark(),
                    "'deploy' key is required but it is currently missing",
                    "this key in 'instances' of " + what);
        }
        return deploy;
    }

    private Map<String, @Nullable Object> scalable(
            YamlNode.Mapping body, String name, String what, @Nullable Long deploy) {
        YamlNode.Mapping capabilities = Shape.mappingOrEmpty(body, "capabilities", "'capabilities' of " + what);
        if (body.given("capabilities") == null) {
            return Scalable.standard(deploy == null ? 1 : deploy);
        }
        version.require(LanguageVersion.DSL_1_3, "capabilities", what, body.keyMark("capabilities"));
        if (deploy != null) {
            throw new InvalidBlueprint(
                    body.keyMark("instances"),
                    "Node '" + name
                            + "' defines both instances.deploy and capabilities.scalable (Note: instances.deploy is deprecated)",
                    "capabilities.scalable only");
        }
        Shape.only(capabilities, "'capabilities' of " + what, List.of("scalable"));
        YamlNode.Mapping scalable = Shape.mappingOrEmpty(capabilities, "scalable", "'scalable' of " + what);
        Shape.only(scalable, "'scalable' of " + what, List.of("properties"));
        return Scalable.of(Shape.mappingOrEmpty(scalable, "properties", "'scalable' of " + what), what);
    }

    private List<NodeTemplate.Relationship> relationships(YamlNode.Mapping body, String name, String what) {
        List<NodeTemplate.Relationship> relationships = new ArrayList<>();
        List<NodeTemplate.Relationship> containments = new ArrayList<>();
        for (YamlNode item : Shape.list(body.given("relationships"), "'relationships' of " + what)) {
            NodeTemplate.Relationship relationship = relationship(item, name, what);
            if (relationship.isContainment()) {
                containments.add(relationship);
            }
            relationships.add(relationship);
        }
        if (containments.size() > 1) {
            throw new InvalidBlueprint(
                    containments.get(1).mark(),
                    "Node '" + name + "' has more than one relationship that is derived from '"
                            + NodeTemplate.CONTAINED_IN + "' relationship. Found: "
                            + PythonText.repr(containments.stream()
                                    .map(containment -> containment.type().name())
                                    .toList())
                            + " for targets: "
                            + PythonText.repr(containments.stream()
                                    .map(NodeTemplate.Relationship::target)
                                    .toList()),
                    "at most one of them");
        }
        return relationships;
    }

    private NodeTemplate.Relationship relationship(YamlNode item, String name, String owner) {
        String what = "a relationship of " + owner;
        YamlNode.Mapping body = Shape.mapping(item, what);
        Shape.only(body, what, RELATIONSHIP_KEYS);
        String typeName = Shape.requiredText(body, "type", what);
        ElementType type = types.relationships().get(typeName);
        if (type == null) {
            throw new InvalidBlueprint(
                    Shape.required(body, "type", what).mark(),
                    "A relationship instance under node '" + name + "' declares an undefined relationship type '"
                            + typeName + "'",
                    Texts.oneOf(types.relationships().keySet(), typeName));
        }
        String target = Shape.requiredText(body, "target", what);
        Mark targetMark = Shape.required(body, "target", what).mark();
        if (!definitions.containsKey(target)) {
            throw new InvalidBlueprint(
                    targetMark,
                    "A relationship instance under node '" + name
                            // Not the type's name, as clients know it.
                            + "' of type 'type' declares an undefined target node '" + target + "'",
                    Texts.oneOf(definitions.keySet(), target));
        }
        if (target.equals(name)) {
            throw new InvalidBlueprint(
                    targetMark,
                    "A relationship instance under node '" + name
                            + "' of type 'type' illegally declares the source node as the target node",
                    "another node");
        }
        if (typeName.equals(AFTER_OPERATION)) {
            checkOperation(body, name, target, what);
        }
        YamlNode.Mapping properties = properties(
                Shape.mappingOrEmpty(body, "properties", "'properties' of " + what),
                type,
                RELATIONSHIP,
                name,
                item.mark());
        checkConnection(properties, what, item.mark());
        return new NodeTemplate.Relationship(
                type,
                target,
                properties,
                interfaces(body, type, Types.SOURCE, what),
                interfaces(body, type, Types.TARGET, what),
                item.mark());
    }

    private Interfaces interfaces(YamlNode.Mapping body, ElementType type, String key, String what) {
        return Interfaces.of(Shape.mappingOrEmpty(body, key, "'" + key + "' of " + what), what, false, version)
                .overType(type.interfaces(key), what);
    }

    /** Of a node that waits for an operation of another: one that the other's template has. */
    private void checkOperation(YamlNode.Mapping relationship, String name, String target, String what) {
        YamlNode operation = Shape.mappingOrEmpty(relationship, "properties", "'properties' of " + what)
                .given("operation");
        String wanted = operation == null ? "" : PythonText.str(operation.toData());
        if (wanted.isEmpty()) {
            throw new InvalidBlueprint(
                    relationship.mark(),
                    "For \"" + name + "\" node, please supply \"" + AFTER_OPERATION
                            + "\" with a defined lifecycle operation target",
                    "'operation' in the properties of " + what);
        }
        Definition node = definitions.get(target);
        boolean there = node != null
                && node.node() instanceof YamlNode.Mapping template
                && template.given("interfaces") instanceof YamlNode.Mapping interfaces
                && interfaces.given("cloudify.interfaces.lifecycle") instanceof YamlNode.Mapping operations
                && operations.get(wanted) != null;
        if (!there) {
            throw new InvalidBlueprint(
                    relationship.mark(),
                    "Please define \"" + wanted + "\" operation in the target node \"" + target + "\" for \"" + name
                            + "\" node's \"" + AFTER_OPERATION + "\" relationship",
                    "the operation in cloudify.interfaces.lifecycle of node template '" + target + "' itself");
        }
    }

    private static void checkConnection(YamlNode.Mapping properties, String what, Mark mark) {
        YamlNode connection = properties.get("connection_type");
        if (connection == null || Functions.isFunction(connection)) {
            return;
        }
        Object value = connection.toData();
        if (!"all_to_all".equals(value) && !"all_to_one".equals(value)) {
            throw new InvalidBlueprint(
                    connection.mark().file().isEmpty() ? mark : connection.mark(),
                    "'connection_type' of " + what + " is " + connection.described(),
                    "all_to_all or all_to_one");
        }
    }

    private static void checkCircles(
            NodeTemplate node, Map<String, NodeTemplate> nodes, Set<String> open, Set<String> done) {
        if (done.contains(node.name())) {
            return;
        }
        if (!open.add(node.name())) {
            throw new InvalidBlueprint(
                    node.mark(),
                    "Parsing failed. Circular dependency detected: " + Texts.circle(open, node.name()),
                    "relationships without circles");
        }
        for (NodeTemplate.Relationship relationship : node.relationships()) {
            NodeTemplate target = nodes.get(relationship.target());
            if (target != null) {
                checkCircles(target, nodes, open, done);
            }
        }
        open.remove(node.name());
        done.add(node.name());
    }
}
