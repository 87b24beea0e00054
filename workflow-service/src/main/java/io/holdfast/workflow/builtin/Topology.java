package io.holdfast.workflow.builtin;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The nodes and node instances of a deployment, and how they hang together. Immutable. */
public final class Topology {

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Instance> byId = new LinkedHashMap<>();
    private final Map<String, List<Instance>> inside = new HashMap<>();
    private final Map<String, ScalingGroup> groups;

    /** @param members names of its nodes and groups */
    public record ScalingGroup(int instances, List<String> members) {
        public ScalingGroup {
            members = List.copyOf(members);
        }
    }

    public Topology(Collection<Node> nodes, Collection<Instance> instances, Map<String, ScalingGroup> groups) {
        nodes.forEach(node -> this.nodes.put(node.id(), node));
        instances.forEach(instance -> byId.put(instance.id(), instance));
        instances.forEach(instance -> instance.relations().stream()
                .filter(Instance.Relation::contained)
                .forEach(relation -> inside.computeIfAbsent(relation.target(), id -> new ArrayList<>())
                        .add(instance)));
        this.groups = Map.copyOf(groups);
    }

    public Collection<Instance> instances() {
        return byId.values();
    }

    public @Nullable Instance instance(String id) {
        return byId.get(id);
    }

    public @Nullable Node node(String id) {
        return nodes.get(id);
    }

    public @Nullable ScalingGroup group(String name) {
        return groups.get(name);
    }

    public List<Instance> instancesOf(Node node) {
        return byId.values().stream()
                .filter(instance -> instance.node().id().equals(node.id()))
                .toList();
    }

    /** The same one without some of the relationships. */
    Topology without(BiPredicate<Instance, Instance.Relation> which) {
        return new Topology(
                nodes.values(),
                byId.values().stream()
                        .map(instance -> instance.with(instance.relations().stream()
                                .filter(relation -> !which.test(instance, relation))
                                .toList()))
                        .toList(),
                groups);
    }

    /** Ids of the instance and of all that are inside of it, at any depth. */
    Set<String> contained(Instance instance) {
        Set<String> found = new LinkedHashSet<>();
        List<Instance> open = new ArrayList<>(List.of(instance));
        while (!open.isEmpty()) {
            Instance next = open.remove(open.size() - 1);
            if (found.add(next.id())) {
                open.addAll(inside.getOrDefault(next.id(), List.of()));
            }
        }
        return found;
    }

    /** Ids of all that an instance goes down with: what is on its host, or inside of it where it is on none. */
    Set<String> onHostOf(Instance instance) {
        String host = instance.hostId();
        Instance root = host == null ? null : byId.get(host);
        return contained(root == null ? instance : root);
    }

    /**
     * Each instance after those that it has relationships to. In a circle, which the language refuses and other managers' archives may
     * have, one of them has to be the first.
     */
    List<Instance> inOrder() {
        record Visit(Instance instance, Iterator<Instance.Relation> relations) {}
        List<Instance> ordered = new ArrayList<>(byId.size());
        Set<String> seen = new HashSet<>();
        Deque<Visit> path = new ArrayDeque<>();
        for (Instance start : byId.values()) {
            if (seen.add(start.id())) {
                path.push(new Visit(start, start.relations().iterator()));
            }
            while (!path.isEmpty()) {
                Visit visit = path.element();
                if (visit.relations().hasNext()) {
                    Instance target = byId.get(visit.relations().next().target());
                    if (target != null && seen.add(target.id())) {
                        path.push(new Visit(target, target.relations().iterator()));
                    }
                } else {
                    ordered.add(path.pop().instance());
                }
            }
        }
        return ordered;
    }
}
