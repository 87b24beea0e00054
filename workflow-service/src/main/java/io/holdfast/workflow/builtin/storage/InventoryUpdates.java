package io.holdfast.workflow.builtin.storage;

import io.holdfast.http.InternalHttp;
import io.holdfast.workflow.builtin.Update;
import io.holdfast.workflow.builtin.Update.Link;
import io.holdfast.workflow.builtin.Updates;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
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

    private static final Set<String> OF_INSTANCES = Set.of("property", "operation");

    private final Neighbours neighbours;

    InventoryUpdates(Neighbours neighbours) {
        this.neighbours = neighbours;
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
                (int) Answer.objects(update.get("steps")).count());
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
