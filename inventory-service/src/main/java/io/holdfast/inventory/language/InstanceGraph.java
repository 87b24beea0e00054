package io.holdfast.inventory.language;

import io.holdfast.contracts.errors.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
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
 * {@code default_instances} says.
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

    private record Placed(
            String entity, String id, @Nullable Placed parent, int index) {

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

    private final Map<String, Node> nodes;
    private final Map<String, Group> groups;
    private final ManagerFacts facts;
    private final Map<String, String> groupOf = new LinkedHashMap<>();
    private final Map<String, List<Placed>> placed = new LinkedHashMap<>();
    private final Set<String> ids = new HashSet<>();
    private int count;

    InstanceGraph(Map<String, Node> nodes, Map<String, Group> groups, ManagerFacts facts) {
        this.nodes = nodes;
        this.groups = groups;
        this.facts = facts;
        groups.values().forEach(group -> group.members().forEach(member -> groupOf.put(member, group.name())));
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
        List<Placed> all = new ArrayList<>();
        if (parent == null) {
            add(all, entity, null, perParent);
        } else {
            place(parent).forEach(one -> add(all, entity, one, perParent));
        }
        placed.put(entity, all);
        return all;
    }

    private void add(List<Placed> all, String entity, @Nullable Placed parent, long number) {
        if (number > MAX_INSTANCES || (count += (int) number) > MAX_INSTANCES) {
            throw new RefusedDeployment(
                    ErrorCode.DEPLOYMENT_CREATION,
                    DeploymentPreparation.LOGIC_ERROR,
                    "the deployment would have more than " + MAX_INSTANCES + " node instances, counting those of '"
                            + entity + "'",
                    "lower the default_instances of nodes and scaling groups");
        }
        for (long i = 0; i < number; i++) {
            all.add(new Placed(entity, newId(entity), parent, all.size() + 1));
        }
    }

    private String newId(String entity) {
        for (int i = 0; i < TRIES; i++) {
            String id = entity + "_" + facts.newSuffix();
            if (!facts.hasNodeInstance(id) && ids.add(id)) {
                return id;
            }
        }
        throw new IllegalStateException("no free id for an instance of '" + entity + "' in " + TRIES + " tries");
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

    private NodeInstance instance(Node node, Placed one) {
        List<Map<String, String>> relationships = new ArrayList<>();
        for (Link link : node.links()) {
            for (Placed target : targets(link, one)) {
                Map<String, String> relationship = new LinkedHashMap<>();
                relationship.put("type", link.type());
                relationship.put("target_name", link.target());
                relationship.put("target_id", target.id());
                relationships.add(relationship);
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

    private List<Placed> targets(Link link, Placed source) {
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
                all = all.stream()
                        .filter(target -> target.ancestor(group.entity()) == group)
                        .toList();
                break;
            }
        }
        return link.oneTarget() && !all.isEmpty() ? all.subList(0, 1) : all;
    }
}
