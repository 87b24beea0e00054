package io.holdfast.workflow.builtin.storage;

import io.holdfast.http.InternalHttp;
import io.holdfast.workflow.builtin.Update;
import io.holdfast.workflow.builtin.Update.Link;
import io.holdfast.workflow.builtin.Updates;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Updates as the inventory-service prepares and ends them. */
@ApplicationScoped
class InventoryUpdates implements Updates {

    /** A large blueprint is prepared in seconds. */
    private static final Duration UNTIL_ANSWER = Duration.ofMinutes(2);

    private static final String RELATIONSHIP = "relationship";

    /** Without relationships. */
    private static final List<String> KINDS = List.of(
            "node",
            "property",
            "operation",
            "workflow",
            "output",
            "description",
            "group",
            "policy_type",
            "policy_trigger",
            "plugin");

    private static final Set<String> OF_INSTANCES = Set.of("property", "operation");

    private final Neighbours neighbours;

    InventoryUpdates(Neighbours neighbours) {
        this.neighbours = neighbours;
    }

    @Override
    public void start(Change change, Map<String, ?> parameters, @Nullable String creator) {
        Map<String, Object> body = new LinkedHashMap<>();
        parameters.forEach((name, value) -> {
            if (value != null) {
                body.put(name, value);
            }
        });
        body.put("deployment_id", change.deploymentId());
        neighbours
                .inventory(change.tenantName(), creator, change.executionId())
                .timeout(UNTIL_ANSWER)
                .send("PUT", path(change, "start"), body);
    }

    @Override
    public void begin(Change change, Map<String, ?> parameters, @Nullable String creator) {
        inventory(change, creator)
                .send(
                        "PUT",
                        path(change, "begin"),
                        body(
                                change,
                                parameters,
                                List.of("blueprint_id", "inputs", "runtime_only_evaluation", "force")));
    }

    @Override
    public Update prepare(Change change, Map<String, ?> parameters, boolean preview, @Nullable String creator) {
        Map<String, Object> body = body(change, parameters, List.of("inputs", "auto_correct_types"));
        body.put("preview", preview);
        Map<?, ?> update = inventory(change, creator).post(path(change, "prepare"), body, Map.class);
        Map<String, Object> instances = Answer.object(update.get("deployment_update_node_instances"));
        return new Update(
                Answer.text(update.get("state")),
                changed(instances.get("added_and_related"), "added").keySet(),
                changed(instances.get("removed_and_related"), "removed").keySet(),
                changed(instances.get("extended_and_related"), "extended"),
                changed(instances.get("reduced_and_related"), "reduced"),
                Answer.objects(update.get("steps"))
                        .filter(step -> OF_INSTANCES.contains(Answer.text(step.get("entity_type"))))
                        .map(step -> Answer.texts(step.get("entity_id")))
                        .filter(place -> place.size() > 1 && place.get(0).equals("nodes"))
                        .map(place -> place.get(1))
                        .collect(Collectors.toSet()),
                update.get("new_blueprint_id") instanceof String blueprint ? blueprint : null,
                (int) Answer.objects(update.get("steps")).count(),
                told(instances, update.get("steps")));
    }

    /** As the existing product's workflow {@code update} passes it on. */
    private static Map<String, Object> told(Map<String, Object> instances, @Nullable Object steps) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("added_instance_ids", ids(instances.get("added_and_related"), "added", true));
        told.put("added_target_instances_ids", ids(instances.get("added_and_related"), "added", false));
        told.put("removed_instance_ids", ids(instances.get("removed_and_related"), "removed", true));
        told.put("remove_target_instance_ids", ids(instances.get("removed_and_related"), "removed", false));
        told.put("extended_instance_ids", ids(instances.get("extended_and_related"), "extended", true));
        told.put("extend_target_instance_ids", ids(instances.get("extended_and_related"), "extended", false));
        told.put("reduced_instance_ids", ids(instances.get("reduced_and_related"), "reduced", true));
        told.put("reduce_target_instance_ids", ids(instances.get("reduced_and_related"), "reduced", false));
        told.put("modified_entity_ids", modified(steps));
        return told;
    }

    /** Of those with which this is done, or of the others. */
    private static List<String> ids(@Nullable Object instances, String how, boolean done) {
        return Answer.objects(instances)
                .filter(instance -> how.equals(instance.get("modification")) == done)
                .map(instance -> Answer.text(instance.get("id")))
                .toList();
    }

    /** Names of what the steps are about by its kind, relationships by their node. */
    private static Map<String, Object> modified(@Nullable Object steps) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        KINDS.forEach(kind -> names.put(kind, new ArrayList<>()));
        Map<String, List<String>> relationships = new LinkedHashMap<>();
        Answer.objects(steps).forEach(step -> {
            List<String> place = Answer.texts(step.get("entity_id"));
            String kind = Answer.text(step.get("entity_type"));
            if (kind.equals(RELATIONSHIP) && place.size() > 3) {
                relationships
                        .computeIfAbsent(place.get(1), node -> new ArrayList<>())
                        .add(place.get(3));
            } else if (names.containsKey(kind) && place.size() > 1) {
                names.get(kind).add(place.get(1));
            }
        });
        Map<String, Object> modified = new LinkedHashMap<>(names);
        modified.put(RELATIONSHIP, relationships);
        modified.put("rel_mappings", Map.of());
        return modified;
    }

    private static Map<String, Object> body(Change change, Map<String, ?> parameters, List<String> names) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("deployment_id", change.deploymentId());
        body.put("execution_id", change.executionId());
        for (String name : names) {
            Object value = parameters.get(name);
            if (value != null) {
                body.put(name, value);
            }
        }
        return body;
    }

    private static Map<String, List<Link>> changed(@Nullable Object instances, String how) {
        Map<String, List<Link>> links = new LinkedHashMap<>();
        Answer.changed(instances, how)
                .forEach(instance -> links.put(
                        Answer.text(instance.get("id")),
                        Answer.objects(instance.get("relationships"))
                                .map(relationship -> new Link(
                                        Answer.text(relationship.get("type")),
                                        Answer.text(relationship.get("target_id"))))
                                .toList()));
        return links;
    }

    @Override
    public List<String> finish(Change change, @Nullable String creator) {
        return Answer.texts(inventory(change, creator)
                .post(path(change, "finish"), Map.of(), Map.class)
                .get("refused"));
    }

    @Override
    public void giveUp(Change change) {
        inventory(change, null).send("POST", path(change, "give-up"), Map.of());
    }

    private static String path(Change change, String what) {
        return "/deployment-updates/" + InternalHttp.segment(change.id()) + "/" + what;
    }

    private InternalHttp.Service inventory(Change change, @Nullable String creator) {
        return neighbours.inventory(change.tenantName(), creator).timeout(UNTIL_ANSWER);
    }
}
