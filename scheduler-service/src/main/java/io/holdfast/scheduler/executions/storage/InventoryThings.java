package io.holdfast.scheduler.executions.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.language.NamePattern;
import io.holdfast.contracts.language.NamedThings;
import io.holdfast.http.InternalHttp;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What the inventory-service finds for the caller, with the searches that the API offers for it. */
final class InventoryThings implements NamedThings {

    private static final String DEPLOYMENT = "deployment_id";
    private static final String PATTERN = "name_pattern";
    private static final String VALID = "valid_values";

    private final InternalHttp.Service inventory;
    private final ObjectMapper mapper;
    private final String ownDeployment;

    InventoryThings(InternalHttp.Service inventory, ObjectMapper mapper, String ownDeployment) {
        this.inventory = inventory;
        this.mapper = mapper;
        this.ownDeployment = ownDeployment;
    }

    @Override
    public boolean has(String type, Object name, Map<String, Object> constraints) {
        return switch (type) {
            case "blueprint_id" -> found("blueprints", "id=" + encoded(name), constraints);
            case DEPLOYMENT -> found("deployments", "id=" + encoded(name), constraints);
            case "secret_key" -> found("secrets", "key=" + encoded(name), names(constraints, false));
            case "node_id" -> found("nodes", "id=" + encoded(name), names(constraints, true));
            case "node_type" -> found("node-types", "type=" + encoded(name), names(constraints, true));
            case "node_instance" -> found("node-instances", "id=" + encoded(name), names(constraints, true));
            case "scaling_group" ->
                items("scaling-groups", "", Map.of("constraints", names(constraints, true))).stream()
                        .anyMatch(group -> name.equals(group.path("name").asText()));
            case "capability_value" -> offers(name, constraints);
            case "operation_name" -> hasOperation(String.valueOf(name), constraints);
            default -> throw new IllegalArgumentException("no type that names a thing: " + type);
        };
    }

    private Map<String, Object> names(Map<String, Object> constraints, boolean ofDeployment) {
        Map<String, Object> names = new LinkedHashMap<>();
        for (String known : List.of(PATTERN, VALID)) {
            if (constraints.containsKey(known)) {
                names.put(known, Objects.requireNonNull(constraints.get(known)));
            }
        }
        if (ofDeployment) {
            names.put(DEPLOYMENT, deployment(constraints));
        }
        return names;
    }

    private String deployment(Map<String, Object> constraints) {
        Object given = constraints.get(DEPLOYMENT);
        return given == null ? ownDeployment : text(given);
    }

    private boolean offers(Object value, Map<String, Object> constraints) {
        // Values are what is compared, so that valid ones are no matter of the search for names.
        Map<String, Object> named = new LinkedHashMap<>(constraints);
        Object valid = named.remove(VALID);
        if (valid instanceof List<?> values && !values.contains(value)) {
            return false;
        }
        JsonNode wanted = mapper.valueToTree(value);
        for (JsonNode deployment : items("capabilities", "", Map.of("constraints", names(named, true)))) {
            for (JsonNode capability : deployment.path("capabilities")) {
                for (JsonNode details : capability) {
                    if (details.path("value").equals(wanted)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean hasOperation(String name, Map<String, Object> constraints) {
        if (constraints.get(VALID) instanceof List<?> valid && !valid.contains(name)) {
            return false;
        }
        if (!NamePattern.of(constraints.get(PATTERN)).matches(name)) {
            return false;
        }
        String query = "/nodes?_include=operations&_get_all_results=true&" + DEPLOYMENT + "="
                + encoded(deployment(constraints));
        return StreamSupport.stream(
                        inventory.get(query, JsonNode.class).path("items").spliterator(), false)
                .anyMatch(node -> node.path("operations").has(name));
    }

    private boolean found(String kind, String query, Map<String, Object> constraints) {
        return !items(kind, query, Map.of("constraints", constraints)).isEmpty();
    }

    private List<JsonNode> items(String kind, String query, Map<String, Object> body) {
        List<JsonNode> items = new ArrayList<>();
        inventory
                .post("/searches/" + kind + (query.isEmpty() ? "" : "?" + query), body, JsonNode.class)
                .path("items")
                .forEach(items::add);
        return items;
    }

    private static String encoded(@Nullable Object value) {
        return URLEncoder.encode(text(value), StandardCharsets.UTF_8);
    }

    private static String text(@Nullable Object value) {
        return String.valueOf(value);
    }
}
