package io.holdfast.inventory.updates;

import io.holdfast.inventory.language.ManagerFacts;
import io.holdfast.inventory.language.NodeInstance;
import io.holdfast.inventory.language.Scaling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which node instances come and go with an update, and how the relationships of those that stay change. How many instances there are stays
 * as it was scaled, unless the blueprint gives another number than the one that the deployment was made of.
 */
public final class InstanceChanges {

    private static final String CONTAINED_IN = "cloudify.relationships.contained_in";
    private static final String TARGET_ID = "target_id";
    private static final String TARGET_NAME = "target_name";
    private static final String TYPE = "type";
    private static final String DEFAULT = "default_instances";
    private static final String CURRENT = "current_instances";
    private static final String PLANNED = "planned_instances";

    private final List<NodeInstance> added = new ArrayList<>();
    private final List<NodeInstance> removed = new ArrayList<>();
    private final Map<String, List<Map<String, String>>> gained = new LinkedHashMap<>();
    private final Map<String, List<Map<String, String>>> lost = new LinkedHashMap<>();
    private final Map<String, List<Map<String, String>>> relationships = new LinkedHashMap<>();
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> scalingGroups = new LinkedHashMap<>();

    /**
     * @param old the deployment: {@code nodes} as the API shows them and {@code scaling_groups}
     * @param plan what it is to become, of which {@link PlanDifference} finds nothing to be impossible
     * @throws io.holdfast.inventory.language.RefusedDeployment where an instance that is there is not in what it must be in
     */
    public InstanceChanges(
            Map<String, @Nullable Object> old,
            Map<String, @Nullable Object> plan,
            List<NodeInstance> present,
            ManagerFacts facts) {
        Map<String, Scaling.Target> targets = new LinkedHashMap<>();
        Map<?, ?> oldNodes = byId(old.get(PlanDifference.NODES));
        List<Scaling.Node> nodes = new ArrayList<>();
        for (Map<?, ?> node : PlanDifference.maps(plan.get(PlanDifference.NODES))) {
            nodes.add(node(node, PlanDifference.map(oldNodes.get(node.get("id"))), targets));
        }
        List<Scaling.Group> groups = new ArrayList<>();
        Map<?, ?> oldGroups = PlanDifference.map(old.get("scaling_groups"));
        PlanDifference.map(plan.get("scaling_groups"))
                .forEach((name, group) -> groups.add(group(
                        String.valueOf(name),
                        PlanDifference.map(group),
                        PlanDifference.map(oldGroups.get(name)),
                        targets)));
        compare(present, new Scaling(nodes, groups).instances(targets, present, facts), nodes);
    }

    /** With all their relationships. */
    public List<NodeInstance> added() {
        return List.copyOf(added);
    }

    public List<NodeInstance> removed() {
        return List.copyOf(removed);
    }

    /** New relationships of instances that stay, by id. */
    public Map<String, List<Map<String, String>>> gained() {
        return gained;
    }

    /** Relationships between instances that stay and are related no more, by id. */
    public Map<String, List<Map<String, String>>> lost() {
        return lost;
    }

    /** All that the instances have in the end that stay and whose relationships change, by id. */
    public Map<String, List<Map<String, String>>> relationships() {
        return relationships;
    }

    /** How many instances nodes are to have that have another number now. */
    public Map<String, Integer> numbers() {
        return numbers;
    }

    /** The deployment's scaling groups in the end. */
    public Map<String, @Nullable Object> scalingGroups() {
        return scalingGroups;
    }

    private static Map<?, ?> byId(@Nullable Object nodes) {
        Map<Object, Object> byId = new HashMap<>();
        PlanDifference.maps(nodes).forEach(node -> byId.put(String.valueOf(node.get("id")), node));
        return byId;
    }

    private Scaling.Node node(Map<?, ?> node, Map<?, ?> old, Map<String, Scaling.Target> targets) {
        String name = String.valueOf(node.get("id"));
        int planned = number(scalable(node), DEFAULT, 1);
        if (old.isEmpty()) {
            targets.put(name, target(planned));
        } else if (old.get("deploy_number_of_instances") instanceof Number before && before.intValue() != planned) {
            targets.put(name, target(planned));
            numbers.put(name, planned);
        } else {
            planned = number(old, "planned_number_of_instances", planned);
        }
        List<Scaling.Relation> relations = new ArrayList<>();
        for (Map<?, ?> relationship : PlanDifference.maps(node.get(PlanDifference.RELATIONSHIPS))) {
            relations.add(new Scaling.Relation(
                    String.valueOf(relationship.get(PlanDifference.TYPE)),
                    String.valueOf(relationship.get(PlanDifference.TARGET)),
                    relationship.get("type_hierarchy") instanceof List<?> types && types.contains(CONTAINED_IN),
                    "all_to_one"
                            .equals(PlanDifference.map(relationship.get(PlanDifference.PROPERTIES))
                                    .get("connection_type"))));
        }
        return new Scaling.Node(name, planned, node.get("host_id") instanceof String host ? host : null, relations);
    }

    private static Map<?, ?> scalable(Map<?, ?> node) {
        return PlanDifference.map(
                PlanDifference.map(PlanDifference.map(node.get("capabilities")).get("scalable"))
                        .get(PlanDifference.PROPERTIES));
    }

    private Scaling.Group group(String name, Map<?, ?> group, Map<?, ?> old, Map<String, Scaling.Target> targets) {
        Map<?, ?> properties = PlanDifference.map(group.get(PlanDifference.PROPERTIES));
        Map<?, ?> before = PlanDifference.map(old.get(PlanDifference.PROPERTIES));
        int planned = number(properties, DEFAULT, 1);
        int current = planned;
        if (old.isEmpty() || number(before, DEFAULT, planned) != planned) {
            targets.put(name, target(planned));
        } else {
            current = number(before, CURRENT, planned);
            planned = number(before, PLANNED, planned);
        }
        Map<String, @Nullable Object> numbered = new LinkedHashMap<>();
        properties.forEach((key, value) -> numbered.put(String.valueOf(key), value));
        numbered.put(CURRENT, current);
        numbered.put(PLANNED, planned);
        Map<String, @Nullable Object> stored = new LinkedHashMap<>();
        group.forEach((key, value) -> stored.put(String.valueOf(key), value));
        stored.put(PlanDifference.PROPERTIES, numbered);
        scalingGroups.put(name, stored);
        return new Scaling.Group(
                name,
                planned,
                group.get("members") instanceof List<?> members
                        ? members.stream().map(String::valueOf).toList()
                        : List.of());
    }

    private static Scaling.Target target(int instances) {
        return new Scaling.Target(instances, Set.of(), Set.of());
    }

    private static int number(Map<?, ?> from, String name, int otherwise) {
        return from.get(name) instanceof Number number ? number.intValue() : otherwise;
    }

    private void compare(List<NodeInstance> present, List<NodeInstance> then, List<Scaling.Node> nodes) {
        Map<String, NodeInstance> before = new LinkedHashMap<>();
        present.forEach(one -> before.put(one.id(), one));
        Map<String, NodeInstance> after = new LinkedHashMap<>();
        then.forEach(one -> after.put(one.id(), one));
        Map<String, List<String>> declared = new HashMap<>();
        nodes.forEach(node -> declared.put(
                node.id(),
                node.relations().stream()
                        .map(relation -> relation.type() + " " + relation.target())
                        .toList()));
        for (NodeInstance one : then) {
            if (!before.containsKey(one.id())) {
                added.add(one);
            }
        }
        for (NodeInstance one : present) {
            NodeInstance now = after.get(one.id());
            if (now == null) {
                removed.add(one);
            } else {
                relationships(one, now, before.keySet(), after.keySet(), declared.getOrDefault(one.node(), List.of()));
            }
        }
    }

    private void relationships(
            NodeInstance old, NodeInstance now, Set<String> before, Set<String> after, List<String> declared) {
        List<Map<String, String>> stay = new ArrayList<>();
        List<Map<String, String>> gone = new ArrayList<>();
        for (Map<String, String> relationship : old.relationships()) {
            if (!after.contains(Objects.requireNonNullElse(relationship.get(TARGET_ID), ""))) {
                continue;
            }
            (declared.contains(key(relationship)) ? stay : gone).add(relationship);
        }
        Set<String> had = new LinkedHashSet<>();
        stay.forEach(relationship -> had.add(key(relationship)));
        List<Map<String, String>> more = now.relationships().stream()
                .filter(relationship ->
                        !before.contains(relationship.get(TARGET_ID)) || !had.contains(key(relationship)))
                .toList();
        List<Map<String, String>> all = new ArrayList<>(stay);
        all.addAll(more);
        List<Map<String, String>> sorted = new ArrayList<>();
        new LinkedHashSet<>(declared)
                .forEach(key -> all.stream().filter(one -> key(one).equals(key)).forEach(sorted::add));
        if (!more.isEmpty()) {
            gained.put(old.id(), more);
        }
        if (!gone.isEmpty()) {
            lost.put(old.id(), gone);
        }
        if (!sorted.equals(old.relationships())) {
            relationships.put(old.id(), sorted);
        }
    }

    private static String key(Map<String, String> relationship) {
        return relationship.get(TYPE) + " " + relationship.get(TARGET_NAME);
    }
}
