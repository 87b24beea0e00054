package io.holdfast.inventory.updates;

import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.language.DependencyFunction;
import io.holdfast.inventory.language.NodeInstance;
import io.holdfast.inventory.language.PreparedDeployment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an update writes: into its own row, in the shape in which the existing product's update workflow writes it, and into the rows of
 * nodes and node instances.
 */
public final class UpdatePlan {

    /** What a blueprint makes of a deployment, by its column; all but the workflows stand in a plan in the same shape. */
    private static final List<String> SAME = List.of(
            "blueprint_id",
            "description",
            "inputs",
            "groups",
            "scaling_groups",
            "policy_types",
            "policy_triggers",
            "outputs",
            "capabilities",
            "resource_tags",
            "runtime_only_evaluation");

    private static final String WORKFLOWS = "workflows";
    private static final String LABELS = "labels";
    private static final String VALUES = "values";
    private static final String SETTINGS = "deployment_settings";
    private static final String SCHEDULES = "default_schedules";
    private static final String DEPENDENCIES = "inter_deployment_functions";
    private static final String DEPENDENCY_FUNCTIONS = "inter_deployment_target_functions";
    private static final String FUNCTION = "function";
    private static final String SELF = "self";
    private static final String MODIFICATION = "modification";
    private static final String RELATIONSHIPS_AFTER = "relationships_after";

    /** What the API shows of a relationship of a node. */
    private static final List<String> OF_RELATIONSHIP =
            List.of("target_id", "type", "type_hierarchy", "properties", "source_operations", "target_operations");

    /** What becomes of a node that stays, but for its relationships and numbers. */
    private static final List<String> OF_NODE =
            List.of("host_id", "type_hierarchy", "properties", "operations", "plugins", "plugins_to_install");

    /**
     * What is to be written.
     *
     * @param nodes what becomes of the nodes, for the update's row; the same for {@code instances} and {@code steps}
     * @param newNodes rows of nodes that are new or changed, until the end of the update; the same for {@code newInstances}
     */
    public record Written(
            Map<String, @Nullable Object> nodes,
            Map<String, @Nullable Object> instances,
            List<Map<String, @Nullable Object>> steps,
            List<Map<String, @Nullable Object>> newNodes,
            List<Map<String, @Nullable Object>> newInstances) {}

    private final Map<String, Map<String, @Nullable Object>> oldNodes;
    private final Map<String, Map<String, @Nullable Object>> oldInstances;
    private final Map<String, Map<?, ?>> planned = new LinkedHashMap<>();
    private final PlanDifference difference;
    private final InstanceChanges changes;
    private final String creator;

    /** @param creator whom new instances and nodes belong to */
    public UpdatePlan(
            List<Map<String, @Nullable Object>> nodes,
            List<Map<String, @Nullable Object>> instances,
            Map<String, @Nullable Object> plan,
            PlanDifference difference,
            InstanceChanges changes,
            String creator) {
        this.oldNodes = byId(nodes);
        this.oldInstances = byId(instances);
        PlanDifference.maps(plan.get(PlanDifference.NODES)).forEach(node -> planned.put(id(node), node));
        this.difference = difference;
        this.changes = changes;
        this.creator = creator;
    }

    private static Map<String, Map<String, @Nullable Object>> byId(List<Map<String, @Nullable Object>> rows) {
        Map<String, Map<String, @Nullable Object>> byId = new LinkedHashMap<>();
        rows.forEach(row -> byId.put(id(row), row));
        return byId;
    }

    private static String id(Map<?, ?> row) {
        return String.valueOf(row.get("id"));
    }

    /** A deployment in the shape of a plan. @param row of the deployment, {@code nodes} of its nodes */
    public static Map<String, @Nullable Object> ofRow(
            Map<String, @Nullable Object> row, List<Map<String, @Nullable Object>> nodes) {
        Map<String, @Nullable Object> plan = new LinkedHashMap<>();
        SAME.forEach(name -> plan.put(name, row.get(name)));
        plan.put(WORKFLOWS, workflowsByName(row.get(WORKFLOWS)));
        plan.put(PlanDifference.NODES, nodes);
        return plan;
    }

    /** @param labels those of the blueprint */
    public static Map<String, @Nullable Object> of(
            PreparedDeployment prepared, String blueprintId, boolean atRunTimeOnly, List<Label> labels) {
        Map<String, @Nullable Object> plan = new LinkedHashMap<>();
        plan.put("blueprint_id", blueprintId);
        plan.put("description", prepared.description());
        plan.put("inputs", prepared.inputs());
        plan.put("groups", prepared.groups());
        plan.put("scaling_groups", prepared.scalingGroups());
        plan.put("policy_types", prepared.policyTypes());
        plan.put("policy_triggers", prepared.policyTriggers());
        plan.put("outputs", prepared.outputs());
        plan.put("capabilities", prepared.capabilities());
        plan.put("resource_tags", prepared.resourceTags());
        plan.put("runtime_only_evaluation", atRunTimeOnly);
        plan.put(WORKFLOWS, workflowsByName(prepared.workflows()));
        plan.put(PlanDifference.NODES, prepared.nodes());
        Map<String, @Nullable Object> labelled = new LinkedHashMap<>();
        for (Label label : labels) {
            List<Object> values = new ArrayList<>();
            labels.stream()
                    .filter(other -> other.key().equals(label.key()))
                    .forEach(other -> values.add(other.value()));
            labelled.put(label.key(), Map.of(VALUES, values));
        }
        plan.put(LABELS, labelled);
        plan.put(SETTINGS, Map.of(SCHEDULES, prepared.defaultSchedules()));
        plan.put(DEPENDENCIES, prepared.dependencies());
        Map<String, @Nullable Object> functions = new LinkedHashMap<>();
        prepared.dependencyFunctions().forEach((place, named) -> {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put(FUNCTION, named.function());
            one.put(SELF, named.self());
            functions.put(place, one);
        });
        plan.put(DEPENDENCY_FUNCTIONS, functions);
        return plan;
    }

    /** What a deployment's row has to hold, by column. */
    public static Map<String, @Nullable Object> toRow(Map<String, @Nullable Object> plan) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        SAME.forEach(name -> row.put(name, plan.get(name)));
        List<Map<String, @Nullable Object>> workflows = new ArrayList<>();
        PlanDifference.map(plan.get(WORKFLOWS)).forEach((name, workflow) -> {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("name", name);
            PlanDifference.map(workflow).forEach((key, value) -> one.put(String.valueOf(key), value));
            one.put(
                    "is_available",
                    !Boolean.FALSE.equals(
                            PlanDifference.map(one.get("availability_rules")).get("available")));
            workflows.add(one);
        });
        row.put(WORKFLOWS, workflows);
        return row;
    }

    public static List<Label> labels(Map<String, @Nullable Object> plan) {
        List<Label> labels = new ArrayList<>();
        PlanDifference.map(plan.get(LABELS)).forEach((key, label) -> {
            if (PlanDifference.map(label).get(VALUES) instanceof List<?> values) {
                values.forEach(value -> labels.add(new Label(String.valueOf(key), String.valueOf(value))));
            }
        });
        return labels;
    }

    /** Name to schedule, as the blueprint has them. */
    public static Map<String, @Nullable Object> schedules(Map<String, @Nullable Object> plan) {
        Map<String, @Nullable Object> schedules = new LinkedHashMap<>();
        PlanDifference.map(PlanDifference.map(plan.get(SETTINGS)).get(SCHEDULES))
                .forEach((name, schedule) -> schedules.put(String.valueOf(name), schedule));
        return schedules;
    }

    /** Where functions name other deployments, and which. */
    public static Map<String, String> dependencies(Map<String, @Nullable Object> plan) {
        Map<String, String> dependencies = new LinkedHashMap<>();
        PlanDifference.map(plan.get(DEPENDENCIES))
                .forEach((place, target) -> dependencies.put(String.valueOf(place), String.valueOf(target)));
        return dependencies;
    }

    /** Where functions name other deployments by functions. */
    public static Map<String, DependencyFunction> dependencyFunctions(Map<String, @Nullable Object> plan) {
        Map<String, DependencyFunction> functions = new LinkedHashMap<>();
        PlanDifference.map(plan.get(DEPENDENCY_FUNCTIONS)).forEach((place, named) -> {
            Map<?, ?> one = PlanDifference.map(named);
            if (one.get(FUNCTION) instanceof Map<?, ?> function) {
                functions.put(
                        String.valueOf(place),
                        new DependencyFunction(function, one.get(SELF) instanceof String self ? self : null));
            }
        });
        return functions;
    }

    private static Map<String, @Nullable Object> workflowsByName(@Nullable Object list) {
        Map<String, @Nullable Object> byName = new LinkedHashMap<>();
        for (Map<?, ?> workflow : PlanDifference.maps(list)) {
            Map<String, @Nullable Object> rest = new LinkedHashMap<>();
            workflow.forEach((key, value) -> rest.put(String.valueOf(key), value));
            rest.remove("name");
            rest.remove("is_available");
            byName.put(String.valueOf(workflow.get("name")), rest);
        }
        return byName;
    }

    /** @param rows of node instances; what is one object in them is one in the instances */
    public static List<NodeInstance> instances(List<Map<String, @Nullable Object>> rows) {
        Map<Object, Map<String, String>> known = new IdentityHashMap<>();
        return rows.stream()
                .map(row -> new NodeInstance(
                        id(row),
                        String.valueOf(row.get("node_id")),
                        row.get("host_id") instanceof String host ? host : null,
                        row.get("index") instanceof Number index ? index.intValue() : 0,
                        texts(row.get("relationships"), known),
                        texts(row.get("scaling_groups"), known)))
                .toList();
    }

    private static List<Map<String, String>> texts(@Nullable Object list, Map<Object, Map<String, String>> known) {
        List<Map<String, String>> all = new ArrayList<>();
        for (Map<?, ?> item : PlanDifference.maps(list)) {
            all.add(known.computeIfAbsent(item, map -> {
                Map<String, String> one = new LinkedHashMap<>();
                item.forEach((key, value) -> one.put(String.valueOf(key), String.valueOf(value)));
                return one;
            }));
        }
        return all;
    }

    public Written written() {
        Map<String, Set<String>> modified = new LinkedHashMap<>();
        List<Map<String, @Nullable Object>> newNodes = new ArrayList<>();
        planned.forEach((name, node) -> {
            Map<String, @Nullable Object> old = oldNodes.get(name);
            if (old == null) {
                newNodes.add(added(node));
            } else {
                Map<String, @Nullable Object> changed = changed(old, node, true);
                Set<String> attributes = different(old, changed(old, node, false));
                if (!attributes.isEmpty()) {
                    modified.put(name, attributes);
                    newNodes.add(changed);
                }
            }
        });
        Map<String, @Nullable Object> nodes = new LinkedHashMap<>();
        nodes.put("modify_attributes", modified);
        nodes.put(PlanDifference.ADD, paths(PlanDifference.ADD));
        nodes.put(PlanDifference.REMOVE, paths(PlanDifference.REMOVE));
        return new Written(nodes, instances(), steps(), newNodes, newInstances());
    }

    /** Rows of nodes that stay and are not yet what they are to be in the end. @param nodes as they are during the update */
    public static List<Map<String, @Nullable Object>> nodesInTheEnd(
            List<Map<String, @Nullable Object>> nodes, Map<String, @Nullable Object> plan) {
        Map<String, Map<String, @Nullable Object>> present = byId(nodes);
        List<Map<String, @Nullable Object>> changed = new ArrayList<>();
        for (Map<?, ?> node : PlanDifference.maps(plan.get(PlanDifference.NODES))) {
            Map<String, @Nullable Object> row = present.get(id(node));
            if (row != null) {
                Map<String, @Nullable Object> then = new LinkedHashMap<>(row);
                then.put("relationships", shown(node));
                Object number = row.get("planned_number_of_instances");
                if (number != null) {
                    then.put("number_of_instances", number);
                }
                if (!PlanDifference.same(row, then)) {
                    changed.add(then);
                }
            }
        }
        return changed;
    }

    /** Rows of instances that stay and are not yet what they are to be in the end. @param written of the update's row */
    public static List<Map<String, @Nullable Object>> instancesInTheEnd(
            List<Map<String, @Nullable Object>> instances, Map<String, @Nullable Object> written) {
        Map<?, ?> after = PlanDifference.map(written.get(RELATIONSHIPS_AFTER));
        List<Map<String, @Nullable Object>> changed = new ArrayList<>();
        for (Map<String, @Nullable Object> row : instances) {
            Object relationships = after.get(id(row));
            if (relationships != null && !PlanDifference.same(relationships, row.get("relationships"))) {
                Map<String, @Nullable Object> then = new LinkedHashMap<>(row);
                then.put("relationships", relationships);
                then.put("version", (row.get("version") instanceof Number version ? version.intValue() : 0) + 1);
                changed.add(then);
            }
        }
        return changed;
    }

    /** Ids of the instances that go. @param written of the update's row */
    public static List<String> removedInstances(Map<String, @Nullable Object> written) {
        return PlanDifference.maps(written.get("removed_and_related")).stream()
                .filter(one -> "removed".equals(one.get(MODIFICATION)))
                .map(UpdatePlan::id)
                .toList();
    }

    /** Names of the nodes that go. @param written of the update's row */
    public static List<String> removedNodes(Map<String, @Nullable Object> written) {
        List<String> names = new ArrayList<>();
        for (Object path : written.get(PlanDifference.REMOVE) instanceof List<?> paths ? paths : List.of()) {
            if (path instanceof List<?> steps && steps.size() > 1) {
                names.add(String.valueOf(steps.get(1)));
            }
        }
        return names;
    }

    private List<List<String>> paths(String action) {
        return difference.nodesTo(action).stream()
                .map(name -> List.of(PlanDifference.NODES, name))
                .toList();
    }

    private List<Map<String, @Nullable Object>> steps() {
        List<Map<String, @Nullable Object>> steps = new ArrayList<>();
        for (PlanDifference.Step step : difference.steps()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("action", step.action());
            one.put("entity_type", step.entityType());
            one.put("entity_id", step.entityId());
            one.put("topology_order", step.topologyOrder());
            steps.add(one);
        }
        return steps;
    }

    private Map<String, @Nullable Object> added(Map<?, ?> node) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", node.get("id"));
        row.put("type", node.get("type"));
        OF_NODE.forEach(name -> row.put(name, node.get(name)));
        row.put("relationships", shown(node));
        limits(row, node);
        row.put("number_of_instances", row.get("deploy_number_of_instances"));
        row.put("planned_number_of_instances", row.get("deploy_number_of_instances"));
        row.put("created_by", creator);
        return row;
    }

    /** @param keeping whether it keeps the relationships that it loses, so that they can still be unlinked */
    private Map<String, @Nullable Object> changed(Map<String, @Nullable Object> old, Map<?, ?> node, boolean keeping) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>(old);
        OF_NODE.forEach(name -> row.put(name, node.get(name)));
        List<Map<String, @Nullable Object>> relationships = shown(node);
        if (keeping) {
            Set<List<Object>> kept = new LinkedHashSet<>();
            relationships.forEach(relationship -> kept.add(PlanDifference.key(relationship)));
            for (Map<?, ?> relationship : PlanDifference.maps(old.get("relationships"))) {
                if (!kept.contains(PlanDifference.key(relationship))) {
                    Map<String, @Nullable Object> one = new LinkedHashMap<>();
                    relationship.forEach((key, value) -> one.put(String.valueOf(key), value));
                    relationships.add(one);
                }
            }
        }
        row.put("relationships", relationships);
        limits(row, node);
        Integer number = changes.numbers().get(id(old));
        if (number != null) {
            row.put("planned_number_of_instances", number);
        }
        return row;
    }

    private static List<Map<String, @Nullable Object>> shown(Map<?, ?> node) {
        List<Map<String, @Nullable Object>> shown = new ArrayList<>();
        for (Map<?, ?> relationship : PlanDifference.maps(node.get("relationships"))) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            OF_RELATIONSHIP.forEach(key -> one.put(key, relationship.get(key)));
            shown.add(one);
        }
        return shown;
    }

    private static void limits(Map<String, @Nullable Object> row, Map<?, ?> node) {
        Map<?, ?> numbers = PlanDifference.map(
                PlanDifference.map(PlanDifference.map(node.get("capabilities")).get("scalable"))
                        .get("properties"));
        row.put("deploy_number_of_instances", numbers.get("default_instances"));
        row.put("min_number_of_instances", numbers.get("min_instances"));
        row.put("max_number_of_instances", numbers.get("max_instances"));
    }

    private static Set<String> different(Map<String, @Nullable Object> old, Map<String, @Nullable Object> now) {
        Set<String> names = new LinkedHashSet<>();
        now.forEach((name, value) -> {
            if (!PlanDifference.same(old.get(name), value)) {
                names.add(name.endsWith("number_of_instances") ? "capabilities" : name);
            }
        });
        return names;
    }

    /** Rows of instances that are new, or get relationships; those that lose some have them until the end. */
    private List<Map<String, @Nullable Object>> newInstances() {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        changes.added().forEach(one -> rows.add(row(one)));
        changes.gained().forEach((id, more) -> {
            Map<String, @Nullable Object> row = new LinkedHashMap<>(oldInstances.getOrDefault(id, Map.of()));
            List<Object> all = new ArrayList<>(PlanDifference.maps(row.get("relationships")));
            all.addAll(more);
            row.put("relationships", all);
            row.put("version", (row.get("version") instanceof Number version ? version.intValue() : 0) + 1);
            rows.add(row);
        });
        return rows;
    }

    private Map<String, @Nullable Object> row(NodeInstance one) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", one.id());
        row.put("node_id", one.node());
        row.put("host_id", one.hostId());
        row.put("index", one.index());
        row.put("state", "uninitialized");
        row.put("runtime_properties", Map.of());
        row.put("relationships", one.relationships());
        row.put("scaling_groups", one.scalingGroups());
        row.put("version", 1);
        row.put("has_configuration_drift", false);
        row.put("is_status_check_ok", false);
        row.put("created_by", creator);
        return row;
    }

    private Map<String, @Nullable Object> instances() {
        Map<String, @Nullable Object> written = new LinkedHashMap<>();
        Map<String, Map<String, @Nullable Object>> all = new HashMap<>(oldInstances);
        changes.added().forEach(one -> all.put(one.id(), row(one)));
        Set<String> added = ids(changes.added());
        Set<String> removed = ids(changes.removed());
        written.put(
                "added_and_related",
                marked(
                        added,
                        "added",
                        all,
                        targets(changes.added().stream().flatMap(one -> one.relationships().stream()))));
        written.put(
                "removed_and_related",
                marked(
                        removed,
                        "removed",
                        all,
                        targets(changes.removed().stream().flatMap(one -> one.relationships().stream()))));
        written.put("extended_and_related", related(changes.gained(), "extended", all));
        written.put("reduced_and_related", related(changes.lost(), "reduced", all));
        written.put("relationships_changed", difference.relationshipsChanged());
        written.put(RELATIONSHIPS_AFTER, changes.relationships());
        return written;
    }

    private static Set<String> ids(List<NodeInstance> instances) {
        Set<String> ids = new LinkedHashSet<>();
        instances.forEach(one -> ids.add(one.id()));
        return ids;
    }

    private static Set<String> targets(Stream<Map<String, String>> relationships) {
        Set<String> targets = new LinkedHashSet<>();
        relationships.forEach(relationship -> targets.add(String.valueOf(relationship.get("target_id"))));
        return targets;
    }

    private static List<Map<String, @Nullable Object>> marked(
            Set<String> ids, String how, Map<String, Map<String, @Nullable Object>> all, Set<String> related) {
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        for (String id : ids) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>(all.getOrDefault(id, Map.of()));
            one.put(MODIFICATION, how);
            items.add(one);
        }
        related.stream().filter(id -> !ids.contains(id)).map(all::get).forEach(one -> addIfThere(items, one));
        return items;
    }

    /** Those that change with only the relationships that do, then those that these lead to. */
    private static List<Map<String, @Nullable Object>> related(
            Map<String, List<Map<String, String>>> changed,
            String how,
            Map<String, Map<String, @Nullable Object>> all) {
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        changed.forEach((id, relationships) -> {
            Map<String, @Nullable Object> one = new LinkedHashMap<>(all.getOrDefault(id, Map.of()));
            one.put("relationships", relationships);
            one.put(MODIFICATION, how);
            items.add(one);
        });
        targets(changed.values().stream().flatMap(Collection::stream)).stream()
                .filter(id -> !changed.containsKey(id))
                .map(all::get)
                .forEach(one -> addIfThere(items, one));
        return items;
    }

    private static void addIfThere(
            List<Map<String, @Nullable Object>> items, @Nullable Map<String, @Nullable Object> one) {
        if (one != null) {
            items.add(one);
        }
    }
}
