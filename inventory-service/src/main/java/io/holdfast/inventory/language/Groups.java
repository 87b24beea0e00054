package io.holdfast.inventory.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
            Shape.only(body, what, Set.of(schemaKey, "source"));
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
                    what + " has the name of a node template",
                    "different names for groups and nodes");
        }
        YamlNode.Mapping body = definition.mapping(what);
        Shape.only(body, what, Set.of("members", "policies"));
        Set<String> known = new TreeSet<>(nodes.keySet());
        known.addAll(sections.of(Sections.GROUPS).keySet());
        List<String> own = new ArrayList<>();
        for (YamlNode item : Shape.list(Shape.required(body, "members", what), "'members' of " + what)) {
            String member = Shape.text(item, "a member of " + what);
            if (!known.contains(member)) {
                throw new InvalidBlueprint(
                        item.mark(),
                        "the member '" + member + "' of " + what + " is no node template or group",
                        Texts.oneOf(known, member));
            }
            if (!own.contains(member)) {
                own.add(member);
            }
        }
        if (own.isEmpty()) {
            throw new InvalidBlueprint(body.keyMark("members"), what + " has no members", "at least one member");
        }
        members.put(name, own);
        Map<String, @Nullable Object> ofGroup = new LinkedHashMap<>();
        YamlNode.Mapping policyNodes = Shape.mappingOrEmpty(body, "policies", "'policies' of " + what);
        policyNodes.entries().forEach((policyName, node) -> {
            String owner = "policy '" + policyName + "' of " + what;
            YamlNode.Mapping policy = Shape.mapping(node, owner);
            Shape.only(policy, owner, Set.of("type", "properties", "triggers"));
            String type = Shape.requiredText(policy, "type", owner);
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            data.put("type", type);
            data.put(
                    "properties",
                    values(
                            policy,
                            "type",
                            "properties",
                            policySchemas,
                            owner,
                            "group '" + name + "', policy '" + policyName + "'"));
            Map<String, @Nullable Object> triggers = new LinkedHashMap<>();
            Shape.mappingOrEmpty(policy, "triggers", "'triggers' of " + owner)
                    .entries()
                    .forEach((triggerName, triggerNode) -> {
                        String triggerOwner = "trigger '" + triggerName + "' of " + owner;
                        YamlNode.Mapping trigger = Shape.mapping(triggerNode, triggerOwner);
                        Shape.only(trigger, triggerOwner, Set.of("type", "parameters"));
                        Map<String, @Nullable Object> one = new LinkedHashMap<>();
                        one.put("type", Shape.requiredText(trigger, "type", triggerOwner));
                        one.put(
                                "parameters",
                                values(
                                        trigger,
                                        "type",
                                        "parameters",
                                        triggerSchemas,
                                        triggerOwner,
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
            String typeKey,
            String valuesKey,
            Map<String, Map<String, Property>> schemas,
            String what,
            String owner) {
        YamlNode typeNode = Shape.required(node, typeKey, what);
        String type = Shape.text(typeNode, "'type' of " + what);
        Map<String, Property> schema = schemas.get(type);
        if (schema == null) {
            throw new InvalidBlueprint(
                    typeNode.mark(),
                    what + " has the unknown type '" + type + "'",
                    Texts.oneOf(schemas.keySet(), type));
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
        Shape.only(body, what, Set.of("type", "properties", "targets"));
        YamlNode typeNode = Shape.required(body, "type", what);
        String type = Shape.text(typeNode, "'type' of " + what);
        if (!type.equals(SCALING)) {
            throw new InvalidBlueprint(typeNode.mark(), what + " has the unsupported type '" + type + "'", SCALING);
        }
        Map<String, @Nullable Object> properties =
                Scalable.of(Shape.mappingOrEmpty(body, "properties", "'properties' of " + what), what);
        List<String> targets = new ArrayList<>();
        for (YamlNode item : Shape.list(Shape.required(body, "targets", what), "'targets' of " + what)) {
            String target = Shape.text(item, "a target of " + what);
            if (!members.containsKey(target)) {
                throw new InvalidBlueprint(
                        item.mark(),
                        "the target '" + target + "' of " + what + " is no group",
                        Texts.oneOf(members.keySet(), target));
            }
            targets.add(target);
            Map<String, @Nullable Object> scaling = new LinkedHashMap<>();
            scaling.put("members", members.get(target));
            scaling.put("properties", properties);
            scalingGroups.put(target, scaling);
        }
        if (targets.isEmpty()) {
            throw new InvalidBlueprint(body.keyMark("targets"), what + " has no targets", "at least one group");
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
                            "'" + member + "' is a member of the scaling groups '" + other + "' and '" + group + "'",
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
                            "the scaling groups go in a circle: " + String.join(" -> ", chain) + " -> " + next,
                            "groups without circles");
                }
            }
        }
        for (String group : scalingGroups.keySet()) {
            checkContainers(group);
        }
    }

    /** The nodes of a scaling group are scaled together: all of them in one container, or all in none, unless it is a member too. */
    private void checkContainers(String group) {
        Set<String> all = nodesOf(group, new LinkedHashSet<>());
        String first = null;
        String common = null;
        for (String member : all) {
            String container = containerOutside(member, all);
            if (first == null) {
                first = member;
                common = container;
            } else if (!java.util.Objects.equals(common, container)) {
                throw new InvalidBlueprint(
                        mark(group),
                        "the nodes '" + first + "' and '" + member + "' of the scaling group '" + group
                                + "' are contained in different nodes",
                        "nodes of one container, or the containers as members too");
            }
        }
    }

    private @Nullable String containerOutside(String node, Set<String> inside) {
        NodeTemplate template = nodes.get(node);
        String container = template == null ? null : template.container();
        return container == null || !inside.contains(container) ? container : containerOutside(container, inside);
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
