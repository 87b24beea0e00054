package io.holdfast.inventory.language;

import io.holdfast.contracts.language.PythonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads groups, their policies, and the scaling groups that policies make of them. */
final class Groups {

    static final String SCALING = "cloudify.policies.scaling";

    private static final ValueTypes.Wording POLICY = new ValueTypes.Wording(
            "{0} '{1}' property is not part of the policy type properties schema",
            "{0} does not provide a value for mandatory '{1}' property which is part of its policy type schema");

    private final Sections sections;
    private final ValueTypes types;
    private final Map<String, NodeTemplate> nodes;
    private final Map<String, List<String>> members = new LinkedHashMap<>();

    final Map<String, @Nullable Object> groups = new LinkedHashMap<>();
    final Map<String, @Nullable Object> policies = new LinkedHashMap<>();
    final Map<String, @Nullable Object> scalingGroups = new LinkedHashMap<>();
    final Map<String, @Nullable Object> policyTypes = new LinkedHashMap<>();
    final Map<String, @Nullable Object> policyTriggers = new LinkedHashMap<>();

    Groups(Sections sections, ValueTypes types, Map<String, NodeTemplate> nodes) {
        this.sections = sections;
        this.types = types;
        this.nodes = nodes;
        Map<String, Map<String, Property>> policySchemas = sources(Sections.POLICY_TYPES, "properties", policyTypes);
        Map<String, Map<String, Property>> triggerSchemas =
                sources(Sections.POLICY_TRIGGERS, "parameters", policyTriggers);
        sections.of(Sections.GROUPS).values().forEach(definition -> group(definition, policySchemas, triggerSchemas));
        sections.of(Sections.POLICIES).values().forEach(this::policy);
        checkScalingGroups();
    }

    /** Policy types and triggers: a schema and where the code is. */
    private Map<String, Map<String, Property>> sources(
            String section, String schemaKey, Map<String, @Nullable Object> data) {
        Map<String, Map<String, Property>> schemas = new LinkedHashMap<>();
        sections.of(section).values().forEach(definition -> {
            String what = "'" + definition.name() + "' in '" + section + "'";
            YamlNode.Mapping body = definition.mapping(what);
            Shape.only(body, what, List.of(schemaKey, "source"));
            String source = Shape.requiredText(body, "source", what);
            Map<String, Property> schema = Property.all(
                    Shape.mappingOrEmpty(body, schemaKey, "'" + schemaKey + "' of " + what), what, false, null);
            schema.values()
                    .forEach(property -> types.requireKnown(
                            property.type(), property.mark(), "'" + property.name() + "' of " + what));
            schemas.put(definition.name(), schema);
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put(schemaKey, Property.toData(schema));
            one.put("source", source);
            data.put(definition.name(), one);
        });
        return schemas;
    }

    private void group(
            Definition definition,
            Map<String, Map<String, Property>> policySchemas,
            Map<String, Map<String, Property>> triggerSchemas) {
        String name = definition.name();
        String what = "group '" + name + "'";
        if (nodes.containsKey(name)) {
            throw new InvalidBlueprint(
                    definition.mark(),
                    "Both a group and a node template are named '" + name + "'",
                    "different names for groups and nodes");
        }
        YamlNode.Mapping body = definition.mapping(what);
        Shape.only(body, what, List.of("members", "policies"));
        Set<String> known = new TreeSet<>(nodes.keySet());
        known.addAll(sections.of(Sections.GROUPS).keySet());
        List<String> own = new ArrayList<>();
        for (YamlNode item : Shape.list(Shape.required(body, "members", what), "'members' of " + what)) {
            String member = Shape.text(item, "a member of " + what);
            if (!known.contains(member)) {
                throw new InvalidBlueprint(
                        item.mark(),
                        "Member '" + member + "' of " + what + " does not match any defined node",
                        Texts.oneOf(known, member));
            }
            if (!own.contains(member)) {
                own.add(member);
            }
        }
        if (own.isEmpty()) {
            throw new InvalidBlueprint(
                    body.keyMark("members"), "At least one member should be specified", "members of " + what);
        }
        members.put(name, own);
        Map<String, @Nullable Object> ofGroup = new LinkedHashMap<>();
        YamlNode.Mapping policyNodes = Shape.mappingOrEmpty(body, "policies", "'policies' of " + what);
        policyNodes.entries().forEach((policyName, node) -> {
            String owner = "policy '" + policyName + "' of " + what;
            YamlNode.Mapping policy = Shape.mapping(node, owner);
            Shape.only(policy, owner, List.of("type", "properties", "triggers"));
            String type = Shape.requiredText(policy, "type", owner);
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            data.put("type", type);
            data.put(
                    "properties",
                    values(
                            policy,
                            "properties",
                            policySchemas,
                            owner,
                            "Policy '" + policyName + "' of " + what + " references a non existent policy type '",
                            "group '" + name + "', policy '" + policyName + "'"));
            Map<String, @Nullable Object> triggers = new LinkedHashMap<>();
            Shape.mappingOrEmpty(policy, "triggers", "'triggers' of " + owner)
                    .entries()
                    .forEach((triggerName, triggerNode) -> {
                        String triggerOwner = "trigger '" + triggerName + "' of " + owner;
                        YamlNode.Mapping trigger = Shape.mapping(triggerNode, triggerOwner);
                        Shape.only(trigger, triggerOwner, List.of("type", "parameters"));
                        Map<String, @Nullable Object> one = new LinkedHashMap<>();
                        one.put("type", Shape.requiredText(trigger, "type", triggerOwner));
                        one.put(
                                "parameters",
                                values(
                                        trigger,
                                        "parameters",
                                        triggerSchemas,
                                        triggerOwner,
                                        // With one quotation mark more, as clients know it.
                                        "Trigger '" + triggerName + "' of policy '" + policyName + "' of " + what
                                                + " references a non existent 'policy trigger '",
                                        "group '" + name + "', policy '" + policyName + "' trigger '" + triggerName
                                                + "'"));
                        triggers.put(triggerName, one);
                    });
            data.put("triggers", triggers);
            ofGroup.put(policyName, data);
        });
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("members", own);
        data.put("policies", ofGroup);
        groups.put(name, data);
    }

    private Map<String, @Nullable Object> values(
            YamlNode.Mapping node,
            String valuesKey,
            Map<String, Map<String, Property>> schemas,
            String what,
            String unknownType,
            String owner) {
        YamlNode typeNode = Shape.required(node, "type", what);
        String type = Shape.text(typeNode, "'type' of " + what);
        Map<String, Property> schema = schemas.get(type);
        if (schema == null) {
            throw new InvalidBlueprint(typeNode.mark(), unknownType + type + "'", Texts.oneOf(schemas.keySet(), type));
        }
        YamlNode.Mapping given = Shape.mappingOrEmpty(node, valuesKey, "'" + valuesKey + "' of " + what);
        try {
            return types.complete(given, schema, null, POLICY, owner, List.of(), true)
                    .toData();
        } catch (Mismatch e) {
            throw Types.mismatch(
                    e, given.mark(), "the properties of '" + type + "': " + String.join(", ", schema.keySet()));
        }
    }

    private void policy(Definition definition) {
        String what = "policy '" + definition.name() + "'";
        YamlNode.Mapping body = definition.mapping(what);
        Shape.only(body, what, List.of("type", "properties", "targets"));
        YamlNode typeNode = Shape.required(body, "type", what);
        String type = Shape.text(typeNode, "'type' of " + what);
        if (!type.equals(SCALING)) {
            throw new InvalidBlueprint(
                    typeNode.mark(),
                    "'" + type + "' policy type is not implemented. Only '" + SCALING + "' policy type is supported.",
                    SCALING + " in " + what);
        }
        Map<String, @Nullable Object> properties =
                Scalable.of(Shape.mappingOrEmpty(body, "properties", "'properties' of " + what), what);
        List<String> targets = new ArrayList<>();
        for (YamlNode item : Shape.list(Shape.required(body, "targets", what), "'targets' of " + what)) {
            String target = Shape.text(item, "a target of " + what);
            if (!members.containsKey(target)) {
                throw new InvalidBlueprint(
                        item.mark(),
                        "'" + target
                                + "' is not a valid policy target. Only groups are valid policy targets. Defined groups are "
                                + PythonText.repr(groups) + ".",
                        Texts.oneOf(members.keySet(), target));
            }
            targets.add(target);
            Map<String, @Nullable Object> scaling = new LinkedHashMap<>();
            scaling.put("members", members.get(target));
            scaling.put("properties", properties);
            scalingGroups.put(target, scaling);
        }
        if (targets.isEmpty()) {
            throw new InvalidBlueprint(
                    body.keyMark("targets"),
                    "Policy '" + definition.name()
                            + "' has no targets groups defined for it. At least one target group is required.",
                    "at least one group");
        }
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("type", type);
        data.put("properties", properties);
        data.put("targets", targets);
        policies.put(definition.name(), data);
    }

    private void checkScalingGroups() {
        Map<String, String> groupOf = new LinkedHashMap<>();
        for (String group : scalingGroups.keySet()) {
            for (String member : members.getOrDefault(group, List.of())) {
                String other = groupOf.putIfAbsent(member, group);
                if (other != null) {
                    throw new InvalidBlueprint(
                            mark(group),
                            "Nodes and groups cannot be members in multiple groups, but member '" + member
                                    + "' belongs to the following multiple groups: "
                                    + PythonText.repr(List.of(other, group)),
                            "each node and group in one scaling group");
                }
            }
        }
        for (String group : scalingGroups.keySet()) {
            Set<String> chain = new LinkedHashSet<>();
            for (String next = group; next != null; next = groupOf.get(next)) {
                if (!chain.add(next)) {
                    throw new InvalidBlueprint(
                            mark(group),
                            "Illegal group cycles found: " + PythonText.repr(List.of(List.copyOf(chain))),
                            "groups without circles");
                }
            }
        }
        checkContainers();
        leaveToContainers(groupOf);
    }

    /**
     * What is in a container that is in the same scaling group, directly or by other groups, comes with the container: it, or the group by
     * which it is in there, is no member. Source: the existing product.
     */
    private void leaveToContainers(Map<String, String> groupOf) {
        for (String member : groupOf.keySet()) {
            List<String> own = upwards(member, groupOf);
            for (String container : containers(member)) {
                List<String> shared = new ArrayList<>(own);
                shared.retainAll(upwards(container, groupOf));
                if (!shared.isEmpty()) {
                    int place = own.indexOf(shared.get(0));
                    Objects.requireNonNull(members.get(shared.get(0))).remove(place == 0 ? member : own.get(place - 1));
                }
            }
        }
    }

    /** The scaling groups that something is in, from the inside. */
    private static List<String> upwards(String member, Map<String, String> groupOf) {
        List<String> groups = new ArrayList<>();
        for (String group = groupOf.get(member); group != null; group = groupOf.get(group)) {
            groups.add(group);
        }
        return groups;
    }

    /**
     * The nodes of a scaling group are scaled together: all of them in one outermost container, or each with its outermost container, or
     * itself in none, among them.
     */
    private void checkContainers() {
        for (String group : scalingGroups.keySet()) {
            Set<String> all = nodesOf(group, new LinkedHashSet<>());
            String stray = all.stream()
                    .filter(node -> !all.contains(outermost(node)))
                    .findFirst()
                    .orElse(null);
            if (stray == null) {
                continue;
            }
            String root = outermost(stray);
            all.stream()
                    .filter(node -> !outermost(node).equals(root))
                    .findFirst()
                    .ifPresent(other -> {
                        boolean sorted = stray.compareTo(other) < 0;
                        throw new InvalidBlueprint(
                                mark(group),
                                "Node '" + (sorted ? stray : other) + "' and '" + (sorted ? other : stray)
                                        + "' belong to some shared group but they are not contained in any shared node, nor is any"
                                        + " ancestor node of theirs.",
                                "nodes of one container in the scaling group '" + group
                                        + "', or the containers as members too");
                    });
        }
    }

    /** The outermost container of a node; the node itself where it is in none. */
    private String outermost(String node) {
        String outermost = node;
        for (String container : containers(node)) {
            outermost = container;
        }
        return outermost;
    }

    /** What a node is in, from the inside. */
    private Set<String> containers(String node) {
        Set<String> containers = new LinkedHashSet<>();
        NodeTemplate template = nodes.get(node);
        while (template != null && template.container() != null && containers.add(template.container())) {
            template = nodes.get(template.container());
        }
        return containers;
    }

    private Set<String> nodesOf(String group, Set<String> found) {
        for (String member : members.getOrDefault(group, List.of())) {
            if (nodes.containsKey(member)) {
                found.add(member);
            } else {
                nodesOf(member, found);
            }
        }
        return found;
    }

    private Mark mark(String group) {
        Definition definition = sections.of(Sections.GROUPS).get(group);
        return definition == null ? Mark.of(group) : definition.mark();
    }
}
