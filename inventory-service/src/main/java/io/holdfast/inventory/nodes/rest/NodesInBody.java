package io.holdfast.inventory.nodes.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.nodes.app.AddNodes;
import io.holdfast.inventory.nodes.app.NodeRecords;
import io.holdfast.inventory.resources.rest.JsonBody;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Nodes and node instances as clients send them: as in a blueprint's plan, or as the API shows them. */
final class NodesInBody {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int LONGEST_ID = 256;

    /** What the API shows of a relationship. */
    private static final String[] OF_RELATIONSHIP = {
        "target_id", "type", "type_hierarchy", "properties", "source_operations", "target_operations"
    };

    private NodesInBody() {}

    /** @param owners finds who a thing belongs to by its {@code creator}; null: nobody is named */
    static NodeRecords.NewNode node(JsonBody body, UnaryOperator<@Nullable String> owners) {
        String type = body.requiredText("type");
        JsonNode hierarchy = body.list("type_hierarchy");
        NodeRecords.Counts scalable = counts(body.object("capabilities"));
        int current = or(body, "number_of_instances", scalable.current());
        return new NodeRecords.NewNode(
                id(body, "id"),
                type,
                body.text("host_id"),
                hierarchy == null || hierarchy.isEmpty() ? JSON.arrayNode().add(type) : hierarchy,
                orEmpty(body.object("properties")),
                orEmpty(body.object("operations")),
                relationships(body),
                body.fields().path("plugins").isArray() ? body.fields().path("plugins") : JSON.arrayNode(),
                body.has("plugins_to_install") ? body.fields().get("plugins_to_install") : null,
                new NodeRecords.Counts(
                        current,
                        or(
                                body,
                                "planned_number_of_instances",
                                scalable.planned() == null ? current : scalable.planned()),
                        or(body, "deploy_number_of_instances", scalable.byDefault()),
                        or(body, "min_number_of_instances", scalable.least()),
                        or(body, "max_number_of_instances", scalable.most())),
                owners.apply(body.text("creator")));
    }

    static NodeRecords.NodeChange change(JsonBody body) {
        JsonNode plugins = body.fields().path("plugins");
        return new NodeRecords.NodeChange(
                plugins.isArray() || plugins.isObject() ? plugins : null,
                body.object("operations"),
                body.list("relationships"),
                body.object("properties"),
                counts(body.object("capabilities")));
    }

    private static JsonNode relationships(JsonBody body) {
        ArrayNode shown = JSON.arrayNode();
        for (JsonBody relationship : body.objects("relationships")) {
            ObjectNode one = shown.addObject();
            for (String key : OF_RELATIONSHIP) {
                one.set(
                        key,
                        relationship.fields().path(key).isMissingNode()
                                ? JSON.nullNode()
                                : relationship.fields().get(key));
            }
        }
        return shown;
    }

    /** @param owners as of {@link #node} */
    static AddNodes.Instance instance(JsonBody body, UnaryOperator<@Nullable String> owners) {
        JsonNode relationships = body.list("relationships");
        JsonNode groups = body.list("scaling_groups");
        String state = body.text("state");
        NodeRecords.NewInstance instance = new NodeRecords.NewInstance(
                id(body, "id"),
                id(body, "node_id"),
                body.text("host_id"),
                0,
                state == null ? "uninitialized" : state,
                orEmpty(body.object("runtime_properties")),
                body.object("system_properties"),
                relationships == null ? JSON.arrayNode() : relationships,
                groups == null ? JSON.arrayNode() : groups,
                body.has("version") ? body.requiredInteger("version") : 1,
                body.flag("has_configuration_drift", false),
                body.flag("is_status_check_ok", false),
                owners.apply(body.text("creator")));
        return new AddNodes.Instance(
                instance, body.has("index") ? Integer.valueOf(body.requiredInteger("index")) : null);
    }

    /** The instance with other ids for itself, its host and the targets of its relationships. */
    static NodeRecords.NewInstance renamed(NodeRecords.NewInstance instance, Map<String, String> newIds, int index) {
        ArrayNode relationships = JSON.arrayNode();
        for (JsonNode item : instance.relationships()) {
            JsonNode copy = item.deepCopy();
            if (copy instanceof ObjectNode relationship) {
                String newTarget = newIds.get(relationship.path("target_id").asText());
                if (newTarget != null) {
                    relationship.put("target_id", newTarget);
                }
            }
            relationships.add(copy);
        }
        String host = instance.hostId();
        return new NodeRecords.NewInstance(
                newIds.getOrDefault(instance.id(), instance.id()),
                instance.nodeId(),
                host == null ? null : newIds.getOrDefault(host, host),
                index,
                instance.state(),
                instance.runtimeProperties(),
                instance.systemProperties(),
                relationships,
                instance.scalingGroups(),
                instance.version(),
                instance.drifted(),
                instance.statusOk(),
                instance.createdBy());
    }

    private static NodeRecords.Counts counts(@Nullable ObjectNode capabilities) {
        JsonNode scalable = capabilities == null
                ? JSON.objectNode()
                : capabilities.path("scalable").path("properties");
        return new NodeRecords.Counts(
                count(scalable, "current_instances"),
                count(scalable, "planned_instances"),
                count(scalable, "default_instances"),
                count(scalable, "min_instances"),
                count(scalable, "max_instances"));
    }

    private static @Nullable Integer count(JsonNode scalable, String name) {
        JsonNode value = scalable.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw bad("capabilities.scalable.properties." + name + " is " + value + ", expected a whole number");
        }
        return value.asInt();
    }

    private static int or(JsonBody body, String name, @Nullable Integer otherwise) {
        if (body.has(name)) {
            return body.requiredInteger(name);
        }
        return otherwise == null ? 1 : otherwise;
    }

    private static ObjectNode orEmpty(@Nullable ObjectNode object) {
        return object == null ? JSON.objectNode() : object;
    }

    private static String id(JsonBody body, String name) {
        String id = body.requiredText(name);
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw bad(name + " has " + id.length() + " characters, expected 1 to " + LONGEST_ID);
        }
        return id;
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
