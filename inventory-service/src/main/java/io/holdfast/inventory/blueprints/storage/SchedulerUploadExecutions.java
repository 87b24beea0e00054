package io.holdfast.inventory.blueprints.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.InternalHttp;
import io.holdfast.inventory.blueprints.app.UploadExecutions;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.storage.ExecutionRecorder;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Asks the scheduler. */
@Singleton
class SchedulerUploadExecutions implements UploadExecutions {

    private static final Logger LOG = Logger.getLogger(SchedulerUploadExecutions.class);

    /** The execution's fields (cloudify-api section 16), and the one that the product adds where an execution is nested. */
    private static final List<String> FIELDS = List.of(
            "created_at",
            "visibility",
            "id",
            "ended_at",
            "error",
            "is_system_workflow",
            "parameters",
            "status",
            "workflow_id",
            "started_at",
            "scheduled_for",
            "is_dry_run",
            "resume",
            "total_operations",
            "finished_operations",
            "allow_custom_parameters",
            "blueprint_id",
            "deployment_display_name",
            "deployment_id",
            "status_display",
            "tenant_name",
            "created_by",
            "resource_availability",
            "private_resource",
            "execution_group_id");

    /** Unknown ones are shown as 0. */
    private static final List<String> COUNTS = List.of("total_operations", "finished_operations");

    private final InternalHttp http;
    private final ExecutionRecorder recorder;

    SchedulerUploadExecutions(InternalHttp http, ExecutionRecorder recorder) {
        this.http = http;
        this.recorder = recorder;
    }

    @Override
    public Map<Key, ObjectNode> find(Collection<Key> keys) {
        if (keys.isEmpty()) {
            return Map.of();
        }
        Map<String, Object> question = Map.of(
                "ids",
                keys.stream()
                        .map(key -> Map.of("tenant_name", key.tenant(), "id", key.id()))
                        .toList());
        Map<Key, ObjectNode> found = new HashMap<>();
        try {
            for (JsonNode item : http.to("scheduler")
                    .post("/executions/lookup", question, JsonNode.class)
                    .path("items")) {
                // An upload is in no execution group; the product prints that list as text.
                ObjectNode execution = ((ObjectNode) item).put("execution_group_id", "[]");
                COUNTS.stream().filter(count -> !execution.hasNonNull(count)).forEach(count -> execution.put(count, 0));
                found.put(
                        new Key(
                                item.path("tenant_name").asText(),
                                item.path("id").asText()),
                        execution);
            }
        } catch (ManagerException e) {
            LOG.warnf("Blueprints are shown without their upload executions: %s", e.detail());
        }
        return found;
    }

    @Override
    public void started(Key key, Visibility visibility, String createdBy, Map<String, @Nullable Object> parameters) {
        // It tells the blueprint's id and where it came from: only who sees the blueprint may know.
        recorder.started(
                key.tenant(),
                key.id(),
                "upload_blueprint",
                null,
                createdBy,
                parameters,
                visibility == Visibility.PRIVATE ? visibility : Visibility.TENANT);
    }

    @Override
    public void logged(Key key, String text) {
        recorder.logged(key.tenant(), key.id(), List.of(text));
    }

    @Override
    public void ended(Key key, @Nullable String error) {
        recorder.ended(key.tenant(), key.id(), error);
    }

    @Override
    public ObjectNode none() {
        ObjectNode none = JsonNodeFactory.instance.objectNode();
        FIELDS.forEach(none::putNull);
        COUNTS.forEach(count -> none.put(count, 0));
        return none;
    }
}
