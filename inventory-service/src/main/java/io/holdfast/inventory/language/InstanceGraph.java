package io.holdfast.inventory.language;

import io.holdfast.contracts.errors.ErrorCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Multiplies nodes to node instances. Nodes and scaling groups form a forest: a node is in its scaling group or else in its container, a
 * group in another group or else in the container of its nodes. Each instance of a parent has as many children as the child's
 * {@code default_instances} says. Instances that there are already keep their places, and their ids: only a node or group with a target
 * has as many in each place as that says. Where all relate to one instance, new ones relate to the one that the others have.
 */
final class InstanceGraph {

    /** More than any deployment has; a slip in a number must not fill the memory. */
    static final int MAX_INSTANCES = 100_000;

    private static final int TRIES = 100;

    /** @param oneTarget whether all instances of the source relate to one instance of the target */
    record Link(String type, String target, boolean containment, boolean oneTarget) {}

    record Node(String name, long instances, @Nullable String host, List<Link> links) {

        @Nullable
        String container() {
            return links.stream()
                    .filter(Link::containment)
                    .map(Link::target)
                    .findFirst()
                    .orElse(null);
        }
    }

    record Group(String name, long instances, List<String> members) {}

    /** @param kept whether it was there before */
    private record Placed(
            String entity, String id, @Nullable Placed parent, int index, boolean kept) {

        @Nullable
        Placed ancestor(String name) {
            for (Placed next = this; next != null; next = next.parent()) {
                if (next.entity().equals(name)) {
                    return next;
                }
            }
            return null;
        }
    }

    /** @param parentId null: at the top */
    private record Place(String entity, @Nullable String parentId) {}

    private record Known(String id, int index) {}

    /** Relationships of a type between two nodes. */
    private record Relation(String source, String type, String target) {}

    private final Map<String, Node> nodes;
    private final Map<String, Group> groups;
    private final ManagerFacts facts;
    private final Map<String, Scaling.Target> targets;
    private final Map<String, NodeInstance> present = new LinkedHashMap<>();
    private final Map<Place, List<Known>> there = new LinkedHashMap<>();
    private final Map<Relation, Set<String>> presentTargets = new HashMap<>();
    private final Map<Related, Map<String, String>> related = new HashMap<>();
    private final boolean creation;
    private final Map<String, Integer> highest = new LinkedHashMap<>();
    private final Map<String, String> groupOf = new LinkedHashMap<>();
    private final Map<String, List<Placed>> placed = new LinkedHashMap<>();
    private final Set<String> ids = new HashSet<>();
    private int count;

    /** Of a deployment that is made. */
    InstanceGraph(Map<String, Node> nodes, Map<String, Group> groups, ManagerFacts facts) {
        this(nodes, groups, facts, List.of(), Map.of(), true);
    }

    /**
     * Of a deployment that changes.
     *
     * @param targets by the name of a node or group
     */
    InstanceGraph(
            Map<String, Node> nodes,
            Map<String, Group> groups,
            ManagerFacts facts,
            List<NodeInstance> present,
            Map<String, Scaling.Target> targets) {
        this(nodes, groups, facts, present, targets, false);
    }

    private InstanceGraph(
            Map<String, Node> nodes,
            Map<String, Group> groups,
            ManagerFacts facts,
            List<NodeInstance> present,
            Map<String, Scaling.Target> targets,
            boolean creation) {
        this.nodes = nodes;
        this.groups = groups;
        this.facts = facts;
        this.targets = targets;
        this.creation = creation;
        groups.values().forEach(group -> group.members().forEach(member -> groupOf.put(member, group.name())));
        present.forEach(instance -> this.present.put(instance.id(), instance));
        present.forEach(this::learn);
        there.forEach((place, all) -> all.sort(order(place.entity())));
    }

    private void learn(NodeInstance instance) {
        ids.add(instance.id());
        highest.merge(instance.node(), instance.index(), Math::max);
        learn(instance.node(), new Known(instance.id(), instance.index()), instance);
        for (Map<String, String> relationship : instance.relationships()) {
            Relation relation = new Relation(
                    instance.node(),
                    relationship.getOrDefault("type", ""),
                    relationship.getOrDefault("target_name", ""));
            presentTargets
                    .computeIfAbsent(relation, key -> new HashSet<>())
                    .add(relationship.getOrDefault("target_id", ""));
        }
        for (Map<String, String> group : instance.scalingGroups()) {
            String name = group.get("name");
            String id = group.get("id");
            if (name != null && id != null && groups.containsKey(name) && ids.add(id)) {
                // Groups have no row of their own: they count in the order of their members.
                int index = highest.merge(name, 1, Integer::sum);
                learn(name, new Known(id, index), instance);
            }
        }
    }

    private void learn(String entity, Known one, NodeInstance instance) {
        String parent = parent(entity);
        String parentId = parent == null ? null : ancestor(instance, parent);
        if (parent != null && parentId == null) {
            throw new RefusedDeployment(
                    ErrorCode.CONFLICT,
                    DeploymentPreparation.LOGIC_ERROR,
                    "the node instance '" + instance.id() + "' is in no instance of '" + parent + "'",
                    "correct its relationships and scaling groups");
        }
        there.computeIfAbsent(new Place(entity, parentId), place -> new ArrayList<>())
                .add(one);
    }

    /** The instance of a group or container that an instance is in. */
    private @Nullable String ancestor(NodeInstance instance, String entity) {
        for (Map<String, String> group : instance.scalingGroups()) {
            if (entity.equals(group.get("name"))) {
                return group.get("id");
            }
        }
        Node node = nodes.get(instance.node());
        String container = node == null ? null : node.container();
        for (Map<String, String> relationship : instance.relationships()) {
            String target = relationship.get("target_id");
            if (container != null && container.equals(relationship.get("target_name")) && target != null) {
                NodeInstance next = present.get(target);
                return container.equals(entity) ? target : next == null ? null : ancestor(next, entity);
            }
        }
        return null;
    }

    /** Those that are to go first come last; of the others, the newest. */
    private Comparator<Known> order(String entity) {
        Scaling.Target target = targets.get(entity);
        Comparator<Known> oldest = Comparator.comparingInt(Known::index);
        return target == null
                ? oldest
                : Comparator.comparingInt((Known one) -> goesLast(one, target)).thenComparing(oldest);
    }

    private int goesLast(Known one, Scaling.Target target) {
        return hinted(one, target.removeFirst()) ? 1 : hinted(one, target.keep()) ? -1 : 0;
    }

    private boolean hinted(Known one, Set<String> hints) {
        return hints.contains(one.id())
                || hints.stream()
                        .map(present::get)
                        .anyMatch(member -> member != null
                                && member.scalingGroups().stream()
                                        .anyMatch(group -> one.id().equals(group.get("id"))));
    }

    List<NodeInstance> instances() {
        nodes.keySet().forEach(this::place);
        List<NodeInstance> instances = new ArrayList<>();
        nodes.values()
                .forEach(node ->
                        placed.getOrDefault(node.name(), List.of()).forEach(one -> instances.add(instance(node, one))));
        return instances;
    }

    private List<Placed> place(String entity) {
        List<Placed> known = placed.get(entity);
        if (known != null) {
            return known;
        }
        String parent = parent(entity);
        Node node = nodes.get(entity);
        long perParent = node == null
                ? Objects.requireNonNull(groups.get(entity), entity).instances()
                : node.instances();
        List<@Nullable Placed> parents = new ArrayList<>();
        if (parent == null) {
            parents.add(null);
        } else {
            parents.addAll(place(parent));
        }
        int[] numbers = new int[parents.size()];
        int added = 0;
        for (int i = 0; i < numbers.length; i++) {
            int here = here(entity, parents.get(i)).size();
            numbers[i] = number(entity, parents.get(i), here, perParent);
            added += Math.max(0, numbers[i] - here);
        }
        Iterator<String> newIds = newIds(entity, added).iterator();
        List<Placed> all = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            Placed one = parents.get(i);
            List<Known> here = here(entity, one);
            here.stream()
                    .limit(numbers[i])
                    .forEach(stays -> all.add(new Placed(entity, stays.id(), one, stays.index(), true)));
            for (int left = numbers[i] - here.size(); left > 0; left--) {
                all.add(new Placed(entity, newIds.next(), one, highest.merge(entity, 1, Integer::sum), false));
            }
        }
        placed.put(entity, all);
        return all;
    }

    private List<Known> here(String entity, @Nullable Placed parent) {
        return there.getOrDefault(new Place(entity, parent == null ? null : parent.id()), List.of());
    }

    /** How many there are to be in this parent; counted, and no more than all may be. */
    private int number(String entity, @Nullable Placed parent, int here, long perParent) {
        long number = planned(entity, parent, here, perParent);
        if (number > MAX_INSTANCES || (count += (int) number) > MAX_INSTANCES) {
            throw new RefusedDeployment(
                    ErrorCode.DEPLOYMENT_CREATION,
                    DeploymentPreparation.LOGIC_ERROR,
                    "the deployment would have more than " + MAX_INSTANCES + " node instances, counting those of '"
                            + entity + "'",
                    "lower the default_instances of nodes and scaling groups");
        }
        return (int) number;
    }

    private long planned(String entity, @Nullable Placed parent, int here, long planned) {
        Scaling.Target target = targets.get(entity);
        if (target != null) {
            return target.instances();
        }
        boolean asItIs = !present.isEmpty() && (parent == null || parent.kept());
        return asItIs ? here : planned;
    }

    /** Looked for all at once: a node may have tens of thousands of instances. */
    private List<String> newIds(String entity, int number) {
        List<String> free = new ArrayList<>();
        for (int i = 0; i < TRIES && free.size() < number; i++) {
            Set<String> wanted = new LinkedHashSet<>();
            for (int missing = number - free.size(); missing > 0; missing--) {
                wanted.add(entity + "_" + facts.newSuffix());
            }
            wanted.removeAll(ids);
            wanted.removeAll(facts.nodeInstancesAmong(wanted));
            ids.addAll(wanted);
            free.addAll(wanted);
        }
        if (free.size() < number) {
            throw new IllegalStateException("no free ids for " + number + " instances of '" + entity + "' in " + TRIES
                    + " tries; " + free.size() + " were found");
        }
        return free;
    }

    private @Nullable String parent(String entity) {
        String group = groupOf.get(entity);
        Node node = nodes.get(entity);
        if (node != null) {
            String container = node.container();
            boolean containerInside = group != null
                    && container != null
                    && nodesOf(topOf(group)).contains(container)
                    && sharesGroup(container, group);
            return group == null || containerInside ? container : group;
        }
        if (group != null) {
            return group;
        }
        Set<String> inside = nodesOf(entity);
        for (String member : inside) {
            Node of = nodes.get(member);
            String container = of == null ? null : of.container();
            if (container != null && !inside.contains(container)) {
                return container;
            }
        }
        return null;
    }

    /** Whether the container is multiplied with the group, so that its content needs no multiplying by the group itself. */
    private boolean sharesGroup(String container, String group) {
        for (String next = group; next != null; next = groupOf.get(next)) {
            if (nodesOf(next).contains(container)) {
                return true;
            }
        }
        return false;
    }

    private String topOf(String group) {
        String top = group;
        for (String next = groupOf.get(group); next != null; next = groupOf.get(next)) {
            top = next;
        }
        return top;
    }

    private Set<String> nodesOf(String group) {
        Set<String> found = new LinkedHashSet<>();
        Group of = groups.get(group);
        for (String member : of == null ? List.<String>of() : of.members()) {
            if (nodes.containsKey(member)) {
                found.add(member);
            } else {
                found.addAll(nodesOf(member));
            }
        }
        return found;
    }

    private record Related(String type, String targetName, String targetId) {

        Map<String, String> relationship() {
            Map<String, String> relationship = new LinkedHashMap<>();
            relationship.put("type", type);
            relationship.put("target_name", targetName);
            relationship.put("target_id", targetId);
            return Collections.unmodifiableMap(relationship);
        }
    }

    private NodeInstance instance(Node node, Placed one) {
        List<Map<String, String>> relationships = new ArrayList<>();
        for (Link link : node.links()) {
            for (Placed target : targets(node, link, one)) {
                // Where many lead to many, each leads to the same as the others.
                relationships.add(related.computeIfAbsent(
                        new Related(link.type(), link.target(), target.id()), Related::relationship));
            }
        }
        List<Map<String, String>> scaling = new ArrayList<>();
        for (Placed next = one.parent(); next != null; next = next.parent()) {
            if (groups.containsKey(next.entity())) {
                Map<String, String> group = new LinkedHashMap<>();
                group.put("name", next.entity());
                group.put("id", next.id());
                scaling.add(group);
            }
        }
        String host = node.host();
        Placed hostInstance = host == null ? null : one.ancestor(host);
        return new NodeInstance(
                one.id(),
                node.name(),
                hostInstance == null ? null : hostInstance.id(),
                one.index(),
                relationships,
                scaling);
    }

    private List<Placed> targets(Node node, Link link, Placed source) {
        List<Placed> all = placed.getOrDefault(link.target(), List.of());
        if (link.containment()) {
            Placed container = source.ancestor(link.target());
            return container == null ? List.of() : List.of(container);
        }
        // Members of one scaling group relate within their instance of it.
        for (Placed next = source.parent(); next != null; next = next.parent()) {
            Placed group = next;
            boolean shared = groups.containsKey(group.entity())
                    && all.stream().anyMatch(target -> target.ancestor(group.entity()) != null);
            if (shared) {
                if (link.oneTarget() && creation) {
                    throw oneTargetInGroup(node.name(), link.target(), group.entity());
                }
                all = all.stream()
                        .filter(target -> target.ancestor(group.entity()) == group)
                        .toList();
                break;
            }
        }
        return link.oneTarget() && !all.isEmpty() ? List.of(oneOf(all, node, link)) : all;
    }

    private Placed oneOf(List<Placed> all, Node node, Link link) {
        Set<String> present =
                presentTargets.getOrDefault(new Relation(node.name(), link.type(), link.target()), Set.of());
        return all.stream()
                .filter(target -> present.contains(target.id()))
                .findFirst()
                .orElse(all.get(0));
    }

    /** Each instance of the group would have a target of its own, which is not one for all. */
    private static RefusedDeployment oneTargetInGroup(String source, String target, String group) {
        return new RefusedDeployment(
                ErrorCode.DEPLOYMENT_CREATION,
                "dsl_parser.exceptions.UnsupportedAllToOneInGroup",
                "'all_to_one' connection type is not supported within groups, but the source node '" + source
                        + "' and target node '" + target + "' are both in group '" + group + "'",
                "relate them with all_to_all, which relates instances within one instance of the group only, or take one of"
                        + " the nodes out of the scaling group");
    }
}
