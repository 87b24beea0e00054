package io.holdfast.inventory.language;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which node instances a deployment gets and which it loses when nodes or scaling groups get other numbers. What has no new number keeps
 * the instances that it has; new containers and groups get as many as their plan says.
 */
public final class Scaling {

    /** @param oneTarget whether all instances of the source relate to one instance of the target */
    public record Relation(String type, String target, boolean containment, boolean oneTarget) {}

    /** @param instances in a container or group that is new */
    public record Node(String id, int instances, @Nullable String host, List<Relation> relations) {
        public Node {
            relations = List.copyOf(relations);
        }
    }

    /** @param members nodes and other groups */
    public record Group(String name, int instances, List<String> members) {
        public Group {
            members = List.copyOf(members);
        }
    }

    /**
     * @param instances in each container or group
     * @param removeFirst ids of node instances; of groups, those of their members
     * @param keep those that go last
     */
    public record Target(int instances, Set<String> removeFirst, Set<String> keep) {
        public Target {
            removeFirst = Set.copyOf(removeFirst);
            keep = Set.copyOf(keep);
        }
    }

    /**
     * @param added with all their relationships
     * @param removed those that go
     * @param gained relationships of instances that stay, by id
     * @param lost the same, those that go with what they lead to
     */
    public record Change(
            List<NodeInstance> added,
            List<NodeInstance> removed,
            Map<String, List<Map<String, String>>> gained,
            Map<String, List<Map<String, String>>> lost) {}

    private final Map<String, InstanceGraph.Node> nodes = new LinkedHashMap<>();
    private final Map<String, InstanceGraph.Group> groups = new LinkedHashMap<>();

    public Scaling(List<Node> nodes, List<Group> groups) {
        nodes.forEach(node -> this.nodes.put(
                node.id(),
                new InstanceGraph.Node(
                        node.id(),
                        node.instances(),
                        node.host(),
                        node.relations().stream()
                                .map(relation -> new InstanceGraph.Link(
                                        relation.type(),
                                        relation.target(),
                                        relation.containment(),
                                        relation.oneTarget()))
                                .toList())));
        groups.forEach(group -> this.groups.put(
                group.name(), new InstanceGraph.Group(group.name(), group.instances(), group.members())));
    }

    /** Whether there is a node or a group of this name. */
    public boolean knows(String name) {
        return nodes.containsKey(name) || groups.containsKey(name);
    }

    /** @throws RefusedDeployment where an instance's container or group is not among the instances */
    public Change to(Map<String, Target> targets, List<NodeInstance> present, ManagerFacts facts) {
        Map<String, NodeInstance> before = byId(present);
        Map<String, NodeInstance> after = byId(instances(targets, present, facts));
        Set<String> removed = new HashSet<>(before.keySet());
        removed.removeAll(after.keySet());
        Map<String, List<Map<String, String>>> gained = new LinkedHashMap<>();
        Map<String, List<Map<String, String>>> lost = new LinkedHashMap<>();
        for (NodeInstance instance : present) {
            NodeInstance now = after.get(instance.id());
            if (now == null) {
                continue;
            }
            List<Map<String, String>> gone = new ArrayList<>();
            List<Map<String, String>> stays = new ArrayList<>();
            for (Map<String, String> relationship : instance.relationships()) {
                (removed.contains(target(relationship)) ? gone : stays).add(relationship);
            }
            List<Map<String, String>> more = now.relationships().stream()
                    .filter(relationship -> !before.containsKey(target(relationship))
                            || stays.stream()
                                    .noneMatch(other ->
                                            Objects.equals(other.get("target_name"), relationship.get("target_name"))))
                    .toList();
            if (!more.isEmpty()) {
                gained.put(instance.id(), more);
            }
            if (!gone.isEmpty()) {
                lost.put(instance.id(), gone);
            }
        }
        return new Change(
                after.values().stream()
                        .filter(instance -> !before.containsKey(instance.id()))
                        .toList(),
                present.stream()
                        .filter(instance -> removed.contains(instance.id()))
                        .toList(),
                gained,
                lost);
    }

    /**
     * All instances that there are to be then, with the relationships that the nodes declare: those that stay have their ids. Instances of
     * nodes that are none of these are not among them.
     *
     * @throws RefusedDeployment as {@link #to}
     */
    public List<NodeInstance> instances(Map<String, Target> targets, List<NodeInstance> present, ManagerFacts facts) {
        return new InstanceGraph(nodes, groups, facts, present, targets).instances();
    }

    private static Map<String, NodeInstance> byId(List<NodeInstance> instances) {
        return instances.stream()
                .collect(Collectors.toMap(
                        NodeInstance::id, Function.identity(), (one, other) -> one, LinkedHashMap::new));
    }

    private static String target(Map<String, String> relationship) {
        return Objects.requireNonNullElse(relationship.get("target_id"), "");
    }
}
