package io.holdfast.inventory.updates;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What has to change in a deployment so that it becomes what a plan says. Both are given in the shape of a plan: {@code description}, {@code
 * nodes}, {@code outputs}, {@code workflows} by name, {@code groups}, {@code scaling_groups}. Source of the steps: the existing product.
 */
public final class PlanDifference {

    public static final String ADD = "add";
    public static final String REMOVE = "remove";
    public static final String MODIFY = "modify";
    public static final String NODE = "node";
    public static final String NODES = "nodes";

    static final String RELATIONSHIPS = "relationships";
    static final String TYPE = "type";
    static final String TARGET = "target_id";
    static final String PROPERTIES = "properties";

    private static final String RELATIONSHIP = "relationship";
    private static final String OPERATION = "operation";
    private static final String OPERATIONS = "operations";
    private static final String PROPERTY = "property";
    private static final String CONTAINED_IN = "cloudify.relationships.contained_in";
    private static final String CONNECTION_TYPE = "connection_type";
    private static final String SCALING_GROUPS = "scaling_groups";

    private static final List<String> ORDER = List.of(REMOVE, ADD, MODIFY);

    /** @param entityId where it is in the plan: {@code nodes, web, properties, port} */
    public record Step(String action, String entityType, List<String> entityId, int topologyOrder) {
        public Step {
            entityId = List.copyOf(entityId);
        }

        Step at(int order) {
            return new Step(action, entityType, entityId, order);
        }

        boolean is(String whichAction, String whichType) {
            return action.equals(whichAction) && entityType.equals(whichType);
        }
    }

    private final Map<String, Map<?, ?>> before;
    private final Map<String, Map<?, ?>> after;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> impossible = new ArrayList<>();

    public PlanDifference(Map<String, @Nullable Object> old, Map<String, @Nullable Object> plan) {
        this.before = nodes(old);
        this.after = nodes(plan);
        if (!same(old.get("description"), plan.get("description"))) {
            step(MODIFY, "description", List.of("description"));
        }
        plugins();
        after.forEach((name, node) -> {
            Map<?, ?> present = before.get(name);
            if (present == null) {
                step(ADD, NODE, List.of(NODES, name));
            } else {
                node(name, present, node);
            }
        });
        before.keySet().stream()
                .filter(name -> !after.containsKey(name))
                .forEach(name -> step(REMOVE, NODE, List.of(NODES, name)));
        Map.of("outputs", "output", "workflows", "workflow", "groups", "group").entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(part -> entries(
                        old.get(part.getKey()), plan.get(part.getKey()), List.of(part.getKey()), part.getValue()));
        groups(map(old.get(SCALING_GROUPS)), map(plan.get(SCALING_GROUPS)));
        sort();
    }

    /** In the order in which the existing product tells them. */
    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /** What no update can do, each as a sentence's part: {@code the type of node `web` changes from `a` to `b`}. */
    public List<String> impossible() {
        return List.copyOf(impossible);
    }

    /** Names of the nodes that come, or that go. @param action {@link #ADD} or {@link #REMOVE} */
    public List<String> nodesTo(String action) {
        return steps.stream()
                .filter(step -> step.is(action, NODE))
                .map(step -> step.entityId().get(1))
                .toList();
    }

    /** Names of the nodes that stay and get or lose a relationship, or have them in another order. */
    public List<String> relationshipsChanged() {
        return steps.stream()
                .filter(step -> step.entityType().equals(RELATIONSHIP))
                .map(step -> step.entityId().get(1))
                .distinct()
                .toList();
    }

    private static Map<String, Map<?, ?>> nodes(Map<String, @Nullable Object> plan) {
        Map<String, Map<?, ?>> nodes = new LinkedHashMap<>();
        for (Map<?, ?> node : maps(plan.get(NODES))) {
            nodes.put(String.valueOf(node.get("id")), node);
        }
        return nodes;
    }

    private void plugins() {
        for (String kind : List.of("plugins_to_install", "plugins")) {
            after.forEach((name, node) -> {
                Map<?, ?> present = before.get(name);
                if (present == null) {
                    return;
                }
                for (Map<?, ?> plugin : maps(node.get(kind))) {
                    Map<?, ?> old = maps(present.get(kind)).stream()
                            .filter(one -> same(one.get("name"), plugin.get("name"))
                                    && same(one.get("executor"), plugin.get("executor")))
                            .findFirst()
                            .orElse(null);
                    if (!same(old, plugin)) {
                        step(
                                old == null ? ADD : MODIFY,
                                "plugin",
                                List.of(kind, name, String.valueOf(plugin.get("name"))));
                    }
                }
            });
        }
    }

    private void node(String name, Map<?, ?> old, Map<?, ?> node) {
        if (!same(old.get(TYPE), node.get(TYPE))) {
            impossible.add(
                    "the type of node `" + name + "` changes from `" + old.get(TYPE) + "` to `" + node.get(TYPE) + "`");
            return;
        }
        if (!Objects.equals(container(old), container(node))) {
            impossible.add("the container of node `" + name + "` changes from " + quoted(container(old)) + " to "
                    + quoted(container(node)));
            return;
        }
        List<String> place = List.of(NODES, name);
        entries(old.get(OPERATIONS), node.get(OPERATIONS), with(place, OPERATIONS), OPERATION);
        relationships(name, maps(old.get(RELATIONSHIPS)), maps(node.get(RELATIONSHIPS)));
        entries(old.get(PROPERTIES), node.get(PROPERTIES), with(place, PROPERTIES), PROPERTY);
    }

    private static String quoted(@Nullable String name) {
        return name == null ? "none" : "`" + name + "`";
    }

    private static @Nullable String container(Map<?, ?> node) {
        return maps(node.get(RELATIONSHIPS)).stream()
                .filter(relationship ->
                        relationship.get("type_hierarchy") instanceof List<?> types && types.contains(CONTAINED_IN))
                .map(relationship -> String.valueOf(relationship.get(TARGET)))
                .findFirst()
                .orElse(null);
    }

    /** One of the same type and target is the same one; of several, the first is the first. */
    private void relationships(String name, List<Map<?, ?>> old, List<Map<?, ?>> now) {
        List<String> place = List.of(NODES, name, RELATIONSHIPS);
        Map<List<Object>, Integer> seen = new HashMap<>();
        for (int i = 0; i < now.size(); i++) {
            Map<?, ?> relationship = now.get(i);
            int present = find(old, relationship, seen.merge(key(relationship), 1, Integer::sum));
            List<String> here = with(place, index(i));
            if (present < 0) {
                step(ADD, RELATIONSHIP, here);
                continue;
            }
            if (present != i) {
                step(MODIFY, RELATIONSHIP, with(with(place, index(present)), index(i)));
            }
            Map<?, ?> before = old.get(present);
            for (String side : List.of("source_operations", "target_operations")) {
                entries(before.get(side), relationship.get(side), with(here, side), OPERATION);
            }
            if (!same(connectionType(before), connectionType(relationship))) {
                impossible.add("the " + CONNECTION_TYPE + " of the relationship of node `" + name + "` to `"
                        + relationship.get(TARGET) + "` changes from " + connectionType(before) + " to "
                        + connectionType(relationship));
                continue;
            }
            entries(before.get(PROPERTIES), relationship.get(PROPERTIES), with(here, PROPERTIES), PROPERTY);
        }
        seen.clear();
        for (int i = 0; i < old.size(); i++) {
            if (find(now, old.get(i), seen.merge(key(old.get(i)), 1, Integer::sum)) < 0) {
                step(REMOVE, RELATIONSHIP, with(place, index(i)));
            }
        }
    }

    private static @Nullable Object connectionType(Map<?, ?> relationship) {
        return map(relationship.get(PROPERTIES)).get(CONNECTION_TYPE);
    }

    static List<Object> key(Map<?, ?> relationship) {
        return List.of(String.valueOf(relationship.get(TYPE)), String.valueOf(relationship.get(TARGET)));
    }

    /** @param nth from 1 */
    private static int find(List<Map<?, ?>> relationships, Map<?, ?> like, int nth) {
        int left = nth;
        for (int i = 0; i < relationships.size(); i++) {
            if (key(relationships.get(i)).equals(key(like)) && --left == 0) {
                return i;
            }
        }
        return -1;
    }

    private static String index(int index) {
        return "[" + index + "]";
    }

    /** What stays must stay in its group: instances cannot be moved from one instance of a group to another. */
    private void groups(Map<?, ?> old, Map<?, ?> now) {
        Map<String, String> was = groupOfMembers(old);
        Map<String, String> is = groupOfMembers(now);
        Predicate<String> stays = name ->
                before.containsKey(name) && after.containsKey(name) || old.containsKey(name) && now.containsKey(name);
        Set<String> members = new LinkedHashSet<>(was.keySet());
        members.addAll(is.keySet());
        members.stream().filter(stays).forEach(member -> {
            if (!Objects.equals(was.get(member), is.get(member))) {
                impossible.add("the scaling group of `" + member + "` changes from " + quoted(was.get(member)) + " to "
                        + quoted(is.get(member)));
            }
        });
    }

    private static Map<String, String> groupOfMembers(Map<?, ?> groups) {
        Map<String, String> of = new LinkedHashMap<>();
        groups.forEach((name, group) -> {
            if (map(group).get("members") instanceof List<?> members) {
                members.forEach(member -> of.put(String.valueOf(member), String.valueOf(name)));
            }
        });
        return of;
    }

    private void entries(@Nullable Object old, @Nullable Object now, List<String> place, String entityType) {
        Map<?, ?> was = map(old);
        Map<?, ?> is = map(now);
        is.forEach((key, value) -> {
            if (!was.containsKey(key)) {
                step(ADD, entityType, with(place, String.valueOf(key)));
            } else if (!same(was.get(key), value)) {
                step(MODIFY, entityType, with(place, String.valueOf(key)));
            }
        });
        was.keySet().stream()
                .filter(key -> !is.containsKey(key))
                .forEach(key -> step(REMOVE, entityType, with(place, String.valueOf(key))));
    }

    private void step(String action, String entityType, List<String> entityId) {
        steps.add(new Step(action, entityType, entityId, 0));
    }

    private static List<String> with(List<String> place, String more) {
        List<String> longer = new ArrayList<>(place);
        longer.add(more);
        return longer;
    }

    /** What goes first, then what comes, each node before those that relate to it; relationships go before their nodes and come after them. */
    private void sort() {
        List<String> added = sourcesFirst(nodesTo(ADD));
        steps.replaceAll(step ->
                step.is(ADD, NODE) ? step.at(added.indexOf(step.entityId().get(1))) : step);
        steps.sort(Comparator.comparingInt((Step step) -> ORDER.indexOf(step.action()))
                .thenComparingInt(step -> step.is(ADD, NODE) ? 0 : step.is(REMOVE, NODE) ? 2 : 1)
                .thenComparingInt(step -> -step.topologyOrder()));
    }

    private List<String> sourcesFirst(List<String> names) {
        List<String> targetsFirst = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        names.forEach(name -> visit(name, names, seen, targetsFirst));
        List<String> reversed = new ArrayList<>(targetsFirst);
        Collections.reverse(reversed);
        return reversed;
    }

    private void visit(String name, List<String> among, Set<String> seen, List<String> targetsFirst) {
        if (!seen.add(name)) {
            return;
        }
        for (Map<?, ?> relationship : maps(map(after.get(name)).get(RELATIONSHIPS))) {
            String target = String.valueOf(relationship.get(TARGET));
            if (among.contains(target)) {
                visit(target, among, seen, targetsFirst);
            }
        }
        targetsFirst.add(name);
    }

    /** Whether both are the same JSON: a number is what it is worth, however it is written. */
    public static boolean same(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Number && other instanceof Number) {
            return new BigDecimal(one.toString()).compareTo(new BigDecimal(other.toString())) == 0;
        }
        if (one instanceof Map<?, ?> map && other instanceof Map<?, ?> others) {
            return map.size() == others.size()
                    && map.entrySet().stream()
                            .allMatch(entry -> others.containsKey(entry.getKey())
                                    && same(entry.getValue(), others.get(entry.getKey())));
        }
        if (one instanceof List<?> list && other instanceof List<?> others) {
            boolean equal = list.size() == others.size();
            for (int i = 0; equal && i < list.size(); i++) {
                equal = same(list.get(i), others.get(i));
            }
            return equal;
        }
        return Objects.equals(one, other);
    }

    static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    static List<Map<?, ?>> maps(@Nullable Object value) {
        List<Map<?, ?>> all = new ArrayList<>();
        for (Object item : value instanceof List<?> list ? list : List.of()) {
            all.add(map(item));
        }
        return all;
    }
}
