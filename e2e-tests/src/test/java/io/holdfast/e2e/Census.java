package io.holdfast.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Everything that a client can list on a manager, to compare two managers, or one with the census that was taken of the manager
 * from which a genuine archive came.
 */
final class Census {

    /** Entity type of the census file, where it is listed, and what identifies an item. */
    enum Type {
        AGENTS("agents", "agents", "id"),
        BLUEPRINTS("blueprints", "blueprints", "id"),
        BLUEPRINTS_FILTERS("blueprints_filters", "filters/blueprints", "id"),
        DEPLOYMENT_GROUPS("deployment_groups", "deployment-groups", "id"),
        DEPLOYMENT_UPDATES("deployment_updates", "deployment-updates", "id"),
        DEPLOYMENTS("deployments", "deployments", "id"),
        DEPLOYMENTS_FILTERS("deployments_filters", "filters/deployments", "id"),
        EXECUTION_GROUPS("execution_groups", "execution-groups", "id"),
        EXECUTIONS("executions", "executions", "id"),
        IDD("idd", "deployments/inter-deployment-dependencies", "id"),
        NODE_INSTANCES("node_instances", "node-instances", "id"),
        NODES("nodes", "nodes", "deployment_id", "id"),
        PLUGINS("plugins", "plugins", "id"),
        PLUGINS_UPDATES("plugins_updates", "plugins-updates", "id"),
        SCHEDULES("schedules", "execution-schedules", "deployment_id", "id"),
        SECRETS("secrets", "secrets", "key"),
        SITES("sites", "sites", "name");

        final String censusName;
        final String path;
        final List<String> key;

        Type(String censusName, String path, String... key) {
            this.censusName = censusName;
            this.path = path;
            this.key = List.of(key);
        }

        String keyOf(JsonNode item) {
            List<String> parts = new ArrayList<>();
            key.forEach(field -> parts.add(item.path(field).asText()));
            return String.join("/", parts);
        }
    }

    private Census() {}

    /** The items of a type as one tenant sees them, by their key. */
    static Map<String, JsonNode> list(Api api, Type type) {
        Map<String, JsonNode> items = new TreeMap<>();
        String system = type == Type.EXECUTIONS
                ? "?_include_system_workflows=true&_get_all_results=true"
                : "?_get_all_results=true";
        api.items("/api/v3.1/" + type.path + system).forEach(item -> {
            // every manager of ours has its own filters, whatever is restored; the census is of one that had been set
            // up without them
            if (!item.path("is_system_filter").asBoolean()) {
                items.put(type.keyOf(item), item);
            }
        });
        return items;
    }

    static Map<String, JsonNode> ofCensusFile(JsonNode tenant, Type type) {
        Map<String, JsonNode> items = new TreeMap<>();
        tenant.path(type.censusName).forEach(item -> items.put(type.keyOf(item), item));
        return items;
    }

    /**
     * What differs, a line each, comparing every field of {@code expected}.
     *
     * @param ignored fields that are not compared, as {@code field} or {@code field.sub}
     */
    static List<String> differences(
            String what, Map<String, JsonNode> expected, Map<String, JsonNode> actual, Set<String> ignored) {
        List<String> found = new ArrayList<>();
        expected.forEach((key, item) -> {
            JsonNode other = actual.get(key);
            if (other == null) {
                found.add(what + " " + key + " is missing");
            } else {
                compare(what + " " + key, "", item, other, ignored, found);
            }
        });
        return found;
    }

    private static void compare(
            String what, String prefix, JsonNode expected, JsonNode actual, Set<String> ignored, List<String> found) {
        expected.properties().forEach(field -> {
            String path = prefix + field.getKey();
            if (ignored.contains(path) || path.endsWith("_p")) {
                return;
            }
            JsonNode value = field.getValue();
            JsonNode other = actual.get(field.getKey());
            if (value instanceof ObjectNode
                    && other instanceof ObjectNode
                    && ignored.stream().anyMatch(i -> i.startsWith(path + "."))) {
                compare(what, path + ".", value, other, ignored, found);
            } else if (other == null || !sorted(path, value).equals(sorted(path, other))) {
                found.add(what + ": " + path + " is " + other + ", expected " + value);
            }
        });
    }

    /** Labels are a set: their order says nothing. */
    private static JsonNode sorted(String path, JsonNode value) {
        if (!path.equals("labels") || !value.isArray()) {
            return value;
        }
        Map<String, JsonNode> byText = new TreeMap<>();
        value.forEach(label -> byText.put(
                label.path("key").asText() + "=" + label.path("value").asText(), label));
        Map<String, JsonNode> ordered = new LinkedHashMap<>(byText);
        var array = Api.JSON.createArrayNode();
        ordered.values().forEach(array::add);
        return array;
    }
}
