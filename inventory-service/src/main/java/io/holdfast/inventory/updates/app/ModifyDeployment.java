package io.holdfast.inventory.updates.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.app.DeploymentRecords;
import io.holdfast.inventory.deployments.app.SeenByCaller;
import io.holdfast.inventory.language.InstanceSuffixes;
import io.holdfast.inventory.language.NodeInstance;
import io.holdfast.inventory.language.Scaling;
import io.holdfast.inventory.nodes.app.NodeRecords;
import io.holdfast.inventory.resources.Refusals;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Changes how many instances the nodes and scaling groups of a deployment have, as workflows that scale ask for it: {@code start} adds
 * what is new and says what is to go, {@code finish} takes that away, {@code rollback} makes the deployment what it was. Source: {@code
 * deployment-modifications} of the existing API.
 */
@ApplicationScoped
public class ModifyDeployment {

    private static final String STARTED = "started";
    private static final String FINISHED = "finished";
    private static final String ROLLEDBACK = "rolledback";

    private static final String CONTAINED_IN = "cloudify.relationships.contained_in";

    private static final String ADDED = "added_and_related";
    private static final String REMOVED = "removed_and_related";
    private static final String BEFORE = "before_modification";
    private static final String BEFORE_ROLLBACK = "before_rollback";
    private static final String MODIFICATION = "modification";
    private static final String RELATIONSHIPS = "relationships";
    private static final String INSTANCES = "instances";
    private static final String PLANNED = "planned_instances";
    private static final String CURRENT = "current_instances";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ModificationRecords records;
    private final NodeRecords nodeRecords;
    private final DeploymentRecords deployments;
    private final Clock clock;
    private final InstanceSuffixes suffixes = new InstanceSuffixes();

    ModifyDeployment(ModificationRecords records, NodeRecords nodeRecords, DeploymentRecords deployments, Clock clock) {
        this.records = records;
        this.nodeRecords = nodeRecords;
        this.deployments = deployments;
        this.clock = clock;
    }

    /**
     * Begins a modification.
     *
     * @param nodes by node or group: {@code {instances, removed_ids_include_hint, removed_ids_exclude_hint}}
     * @param context kept with it, whatever it holds
     * @return its id
     * @throws ManagerException existing_started_deployment_modification_error, bad_parameters_error
     */
    @Transactional
    public String start(String deploymentId, ObjectNode nodes, ObjectNode context, CallerIdentity caller) {
        ModificationRecords.Deployment deployment = own(deploymentId, caller);
        NodeRecords.Owner owner = deployment.owner();
        List<String> active = records.started(owner);
        if (!active.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.EXISTING_STARTED_DEPLOYMENT_MODIFICATION,
                    "Cannot start deployment modification while there are existing started deployment modifications."
                            + " Currently started deployment modifications: ['" + String.join("', '", active) + "']",
                    "finish it, or roll it back");
        }
        List<ModificationRecords.Node> plan = records.nodes(owner);
        Scaling scaling = scaling(deployment, plan);
        Map<String, Scaling.Target> targets = targets(deploymentId, scaling, nodes);
        List<ObjectNode> before = records.instances(owner);
        Scaling.Change change = scaling.to(
                targets,
                before.stream().map(ModifyDeployment::instance).toList(),
                new SeenByCaller(deployments, suffixes, caller));

        nodeRecords.addInstances(
                owner, change.added().stream().map(ModifyDeployment::added).toList(), caller.username());
        Map<String, ObjectNode> byId = new LinkedHashMap<>();
        before.forEach(one -> byId.put(one.path("id").asText(), one));
        change.gained().forEach((id, more) -> {
            ObjectNode instance = Objects.requireNonNull(byId.get(id), id);
            List<JsonNode> all = new ArrayList<>();
            instance.path(RELATIONSHIPS).forEach(all::add);
            more.forEach(relationship -> all.add(json(relationship)));
            records.relationships(
                    owner,
                    id,
                    inOrder(all, declared(plan, instance.path("node_id").asText())));
        });
        planned(deployment, targets);

        Set<String> addedIds = new HashSet<>();
        change.added().forEach(one -> addedIds.add(one.id()));
        ArrayNode added = JSON.arrayNode();
        for (ObjectNode one : records.instances(owner)) {
            if (addedIds.contains(one.path("id").asText())) {
                added.add(one.deepCopy().put(MODIFICATION, "added"));
            }
        }
        change.gained().forEach((id, more) -> added.add(related(byId.get(id), more)));
        targets(added, byId).forEach(added::add);
        ArrayNode removed = JSON.arrayNode();
        change.removed()
                .forEach(one -> removed.add(Objects.requireNonNull(byId.get(one.id()), one.id())
                        .deepCopy()
                        .put(MODIFICATION, "removed")));
        change.lost().forEach((id, less) -> removed.add(related(byId.get(id), less)));
        targets(removed, byId).forEach(removed::add);
        ObjectNode instances = JSON.objectNode();
        instances.set(ADDED, added);
        instances.set(REMOVED, removed);
        instances.set(BEFORE, JSON.arrayNode().addAll(before));

        String id = UUID.randomUUID().toString();
        records.add(
                owner,
                new ModificationRecords.Stored(id, deploymentId, STARTED, nodes, instances, context),
                caller.username(),
                clock.instant());
        return id;
    }

    /** Takes away what is to go. */
    @Transactional
    public void finish(String id, CallerIdentity caller) {
        ModificationRecords.Stored modification = started(id, "finish", caller);
        ModificationRecords.Deployment deployment = own(modification.deploymentId(), caller);
        NodeRecords.Owner owner = deployment.owner();
        Map<String, ObjectNode> now = new LinkedHashMap<>();
        records.instances(owner).forEach(one -> now.put(one.path("id").asText(), one));
        for (JsonNode one : modification.nodeInstances().path(REMOVED)) {
            String instance = one.path("id").asText();
            ObjectNode stored = now.get(instance);
            if (stored == null) {
                continue;
            }
            if (one.has(MODIFICATION)) {
                nodeRecords.removeInstance(owner.tenant(), instance);
            } else if (!one.path(RELATIONSHIPS).isEmpty()) {
                records.relationships(owner, instance, without(stored.path(RELATIONSHIPS), one.path(RELATIONSHIPS)));
            }
        }
        for (Map.Entry<String, JsonNode> modified : modification.modifiedNodes().properties()) {
            int instances = modified.getValue().path(INSTANCES).asInt();
            if (deployment.scalingGroups().path(modified.getKey()) instanceof ObjectNode group) {
                group.withObjectProperty("properties").put(CURRENT, instances);
            } else {
                records.counts(owner, modified.getKey(), instances, null);
            }
        }
        records.scalingGroups(owner, deployment.scalingGroups());
        records.end(owner.tenant(), id, FINISHED, modification.nodeInstances(), clock.instant());
    }

    /** Makes the deployment's instances what they were before the modification. */
    @Transactional
    public void rollback(String id, CallerIdentity caller) {
        ModificationRecords.Stored modification = started(id, "rollback", caller);
        ModificationRecords.Deployment deployment = own(modification.deploymentId(), caller);
        NodeRecords.Owner owner = deployment.owner();
        ObjectNode instances = modification.nodeInstances().deepCopy();
        List<ObjectNode> now = records.instances(owner);
        instances.set(BEFORE_ROLLBACK, JSON.arrayNode().addAll(now));
        Set<String> known = new HashSet<>();
        instances.path(BEFORE).forEach(one -> known.add(one.path("id").asText()));
        for (ObjectNode one : now) {
            String instance = one.path("id").asText();
            if (!known.contains(instance)) {
                nodeRecords.removeInstance(owner.tenant(), instance);
            }
        }
        for (JsonNode one : instances.path(BEFORE)) {
            records.restoreInstance(owner, (ObjectNode) one);
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        records.nodes(owner).forEach(node -> counts.put(node.id(), node.instances()));
        modification.modifiedNodes().fieldNames().forEachRemaining(name -> {
            if (deployment.scalingGroups().path(name) instanceof ObjectNode group) {
                ObjectNode properties = group.withObjectProperty("properties");
                properties.put(PLANNED, properties.path(CURRENT).asInt());
            } else {
                records.counts(owner, name, null, counts.get(name));
            }
        });
        records.scalingGroups(owner, deployment.scalingGroups());
        records.end(owner.tenant(), id, ROLLEDBACK, instances, clock.instant());
    }

    private ModificationRecords.Stored started(String id, String action, CallerIdentity caller) {
        String tenant = Objects.requireNonNull(caller.tenant(), "a modification has a tenant");
        ModificationRecords.Stored modification =
                records.find(tenant, id).orElseThrow(() -> Refusals.notFound("DeploymentModification", id));
        if (!modification.status().equals(STARTED)) {
            throw new ManagerException(
                    ErrorCode.DEPLOYMENT_MODIFICATION_ALREADY_ENDED,
                    "Cannot " + action + " deployment modification: " + id + ". It is already in "
                            + modification.status() + " status.",
                    null);
        }
        return modification;
    }

    private ModificationRecords.Deployment own(String id, CallerIdentity caller) {
        ModificationRecords.Deployment deployment =
                records.lockDeployment(id, caller).orElseThrow(() -> Refusals.notFound("Deployment", id));
        Refusals.requireOwn(id, deployment.owner().tenant(), caller.tenant());
        return deployment;
    }

    /** Keys of a node's relationships, in their order. */
    private static List<String> declared(List<ModificationRecords.Node> plan, String node) {
        List<String> keys = new ArrayList<>();
        plan.stream()
                .filter(one -> one.id().equals(node))
                .forEach(one -> one.relationships()
                        .forEach(relationship -> keys.add(
                                key(relationship, relationship.path("target_id").asText()))));
        return keys;
    }

    /** Relationships of an instance as its node declares them, in which order their operations run; others come last. */
    private static ArrayNode inOrder(List<JsonNode> relationships, List<String> declared) {
        List<JsonNode> sorted = new ArrayList<>(relationships);
        sorted.sort(Comparator.comparingInt(relationship -> {
            int place = declared.indexOf(
                    key(relationship, relationship.path("target_name").asText()));
            return place < 0 ? declared.size() : place;
        }));
        return JSON.arrayNode().addAll(sorted);
    }

    private static String key(JsonNode relationship, String targetNode) {
        return relationship.path("type").asText() + " " + targetNode;
    }

    private static Scaling scaling(ModificationRecords.Deployment deployment, List<ModificationRecords.Node> nodes) {
        List<Scaling.Node> scaled = new ArrayList<>();
        for (ModificationRecords.Node node : nodes) {
            List<Scaling.Relation> relations = new ArrayList<>();
            for (JsonNode relationship : node.relationships()) {
                boolean contained = false;
                for (JsonNode type : relationship.path("type_hierarchy")) {
                    contained |= type.asText().equals(CONTAINED_IN);
                }
                relations.add(new Scaling.Relation(
                        relationship.path("type").asText(),
                        relationship.path("target_id").asText(),
                        contained,
                        relationship
                                .path("properties")
                                .path("connection_type")
                                .asText()
                                .equals("all_to_one")));
            }
            scaled.add(new Scaling.Node(node.id(), node.plannedInstances(), node.hostId(), relations));
        }
        List<Scaling.Group> groups = new ArrayList<>();
        for (Map.Entry<String, JsonNode> group : deployment.scalingGroups().properties()) {
            List<String> members = new ArrayList<>();
            group.getValue().path("members").forEach(member -> members.add(member.asText()));
            groups.add(new Scaling.Group(
                    group.getKey(),
                    group.getValue().path("properties").path(PLANNED).asInt(1),
                    members));
        }
        return new Scaling(scaled, groups);
    }

    private static Map<String, Scaling.Target> targets(String deploymentId, Scaling scaling, ObjectNode nodes) {
        Map<String, Scaling.Target> targets = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> node : nodes.properties()) {
            String name = node.getKey();
            JsonNode instances = node.getValue().path(INSTANCES);
            if (!scaling.knows(name)) {
                throw new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "the deployment `" + deploymentId + "` has no node and no scaling group `" + name + "`",
                        "names of nodes or scaling groups of the deployment");
            }
            if (!instances.isIntegralNumber() || !instances.canConvertToInt() || instances.asInt() < 0) {
                throw new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "`" + name + "` is to have "
                                + (instances.isMissingNode() ? "no number of instances" : instances + " instances")
                                + ", expected a whole number from 0 in `instances`",
                        null);
            }
            targets.put(
                    name,
                    new Scaling.Target(
                            instances.asInt(),
                            texts(node.getValue().path("removed_ids_include_hint")),
                            texts(node.getValue().path("removed_ids_exclude_hint"))));
        }
        return targets;
    }

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new HashSet<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private void planned(ModificationRecords.Deployment deployment, Map<String, Scaling.Target> targets) {
        targets.forEach((name, target) -> {
            if (deployment.scalingGroups().path(name) instanceof ObjectNode group) {
                group.withObjectProperty("properties").put(PLANNED, target.instances());
            } else {
                records.counts(deployment.owner(), name, null, target.instances());
            }
        });
        records.scalingGroups(deployment.owner(), deployment.scalingGroups());
    }

    /** What they have relationships to and is not among them: without relationships, since none of its own come or go. */
    private static List<ObjectNode> targets(ArrayNode changed, Map<String, ObjectNode> byId) {
        Set<String> present = new HashSet<>();
        changed.forEach(one -> present.add(one.path("id").asText()));
        List<ObjectNode> targets = new ArrayList<>();
        for (JsonNode one : changed) {
            for (JsonNode relationship : one.path(RELATIONSHIPS)) {
                String target = relationship.path("target_id").asText();
                if (byId.containsKey(target) && present.add(target)) {
                    targets.add(related(byId.get(target), List.of()));
                }
            }
        }
        return targets;
    }

    private static ObjectNode related(@Nullable ObjectNode instance, List<Map<String, String>> relationships) {
        ObjectNode related = Objects.requireNonNull(instance).deepCopy();
        ArrayNode only = related.putArray(RELATIONSHIPS);
        relationships.forEach(relationship -> only.add(json(relationship)));
        return related;
    }

    private static ObjectNode json(Map<String, String> texts) {
        ObjectNode object = JSON.objectNode();
        texts.forEach(object::put);
        return object;
    }

    /** Relationships but those that lead where the others lead. */
    private static ArrayNode without(JsonNode all, JsonNode others) {
        Set<String> targets = new HashSet<>();
        others.forEach(other -> targets.add(other.path("target_id").asText()));
        ArrayNode left = JSON.arrayNode();
        for (JsonNode relationship : all) {
            if (!targets.contains(relationship.path("target_id").asText())) {
                left.add(relationship);
            }
        }
        return left;
    }

    private static NodeInstance instance(ObjectNode json) {
        return new NodeInstance(
                json.path("id").asText(),
                json.path("node_id").asText(),
                json.path("host_id").isTextual() ? json.path("host_id").asText() : null,
                json.path("index").asInt(),
                maps(json.path(RELATIONSHIPS)),
                maps(json.path("scaling_groups")));
    }

    private static List<Map<String, String>> maps(JsonNode list) {
        List<Map<String, String>> maps = new ArrayList<>();
        for (JsonNode item : list) {
            Map<String, String> map = new LinkedHashMap<>();
            item.properties()
                    .forEach(field -> map.put(field.getKey(), field.getValue().asText()));
            maps.add(map);
        }
        return maps;
    }

    private static NodeRecords.NewInstance added(NodeInstance instance) {
        ArrayNode relationships = JSON.arrayNode();
        instance.relationships().forEach(relationship -> relationships.add(json(relationship)));
        ArrayNode groups = JSON.arrayNode();
        instance.scalingGroups().forEach(group -> groups.add(json(group)));
        return new NodeRecords.NewInstance(
                instance.id(),
                instance.node(),
                instance.hostId(),
                instance.index(),
                "uninitialized",
                JSON.objectNode(),
                null,
                relationships,
                groups,
                1,
                false,
                false,
                null);
    }
}
