package io.holdfast.workflow.builtin;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What a scale workflow is asked to do: the entity to have another number of instances. */
public final class Scaling {

    private final Topology topology;
    private final Parameters parameters;
    private final List<String> include;
    private final List<String> exclude;
    private final int delta;

    /** @throws WorkflowFailure for a delta that is no number */
    public Scaling(Topology topology, Parameters parameters) {
        this.topology = topology;
        this.parameters = parameters;
        this.include = parameters.texts("include_instances");
        this.exclude = parameters.texts("exclude_instances");
        this.delta = parameters.number("delta", 1);
    }

    /** More, less or as many: above, below or 0. */
    public int delta() {
        return delta;
    }

    public boolean ignoresFailure() {
        return parameters.flag("ignore_failure", false);
    }

    public boolean rollsBack() {
        return parameters.flag("rollback_if_failed", true);
    }

    public boolean abortsStarted() {
        return parameters.flag("abort_started", false);
    }

    /**
     * The change as {@code POST deployment-modifications} takes it.
     *
     * @throws WorkflowFailure for an entity that there is not, a number below 0, and instances that cannot be chosen
     */
    public Map<String, Object> modification() {
        String entity = entity();
        boolean compute = parameters.flag("scale_compute", false);
        if (delta > 0 && !(include.isEmpty() && exclude.isEmpty())) {
            throw new WorkflowFailure("Instances cannot be included or excluded when scaling up.");
        }
        String scaled = entity;
        int now;
        Topology.ScalingGroup group = topology.group(entity);
        if (group != null) {
            Map<String, Set<String>> members = membersOfGroups();
            Set<String> available = new LinkedHashSet<>(members.keySet());
            members.values().forEach(available::addAll);
            check(
                    available,
                    compute,
                    excludedGroups(members),
                    members.size(),
                    "Groups and member instances were: " + told(members));
            now = group.instances();
        } else {
            Node node = topology.node(entity);
            if (node == null) {
                throw new WorkflowFailure("No scalable entity named " + entity + " was found");
            }
            Set<String> available = new LinkedHashSet<>();
            topology.instancesOf(node).forEach(instance -> available.add(instance.id()));
            check(
                    available,
                    compute,
                    exclude.size(),
                    available.size(),
                    "Available instances were: " + String.join(", ", available));
            Node target = compute ? hostOf(node) : node;
            scaled = target.id();
            now = target.instances();
        }
        if (now + delta < 0) {
            throw new WorkflowFailure("Provided delta: " + delta + " is illegal. current number of instances of entity "
                    + entity + " is " + now);
        }
        Map<String, Object> change = new LinkedHashMap<>();
        change.put("instances", now + delta);
        change.put("removed_ids_exclude_hint", exclude);
        change.put("removed_ids_include_hint", include);
        return Map.of(scaled, change);
    }

    /** Workflows of older standard types scale nodes only, and call them so. */
    private String entity() {
        String entity = parameters.text("scalable_entity_name");
        return Objects.requireNonNullElse(entity == null ? parameters.text("node_id") : entity, "");
    }

    private Node hostOf(Node node) {
        return topology.instancesOf(node).stream()
                .map(Instance::hostId)
                .filter(Objects::nonNull)
                .map(topology::instance)
                .filter(Objects::nonNull)
                .map(Instance::node)
                .findFirst()
                .orElse(node);
    }

    private Map<String, Set<String>> membersOfGroups() {
        Map<String, Set<String>> members = new LinkedHashMap<>();
        topology.instances()
                .forEach(instance -> instance.groups()
                        .forEach(id -> members.computeIfAbsent(id, group -> new LinkedHashSet<>())
                                .add(instance.id())));
        return members;
    }

    private static String told(Map<String, Set<String>> members) {
        return members.entrySet().stream()
                .map(group -> group.getKey() + ": " + String.join(", ", group.getValue()))
                .collect(Collectors.joining("; "));
    }

    private int excludedGroups(Map<String, Set<String>> members) {
        return (int) members.entrySet().stream()
                .filter(group ->
                        exclude.contains(group.getKey()) || exclude.stream().anyMatch(group.getValue()::contains))
                .count();
    }

    private void check(Set<String> available, boolean compute, int excluded, int present, String whatThereIs) {
        if (include.isEmpty() && exclude.isEmpty()) {
            return;
        }
        StringBuilder wrong = new StringBuilder();
        missing(include, available, "included", wrong);
        missing(exclude, available, "excluded", wrong);
        List<String> both = exclude.stream().filter(include::contains).toList();
        if (!both.isEmpty()) {
            wrong.append("The following instances were both excluded and included: ")
                    .append(String.join(", ", both))
                    .append(". ");
        }
        if (present + delta < excluded) {
            wrong.append("Of ")
                    .append(present)
                    .append(" instances ")
                    .append(present + delta)
                    .append(" shall stay, but ")
                    .append(excluded)
                    .append(" are excluded from being removed. ");
        }
        if (compute) {
            wrong.append(
                    "Cannot include or exclude instances while scale_compute is True. Name instances of the host and set"
                            + " scale_compute to False. ");
        }
        if (!wrong.isEmpty()) {
            throw new WorkflowFailure(wrong + whatThereIs);
        }
    }

    private static void missing(List<String> named, Set<String> available, String how, StringBuilder wrong) {
        List<String> missing =
                named.stream().filter(id -> !available.contains(id)).toList();
        if (!missing.isEmpty()) {
            wrong.append("The following ")
                    .append(how)
                    .append(" instances did not exist: ")
                    .append(String.join(", ", missing))
                    .append(". ");
        }
    }
}
