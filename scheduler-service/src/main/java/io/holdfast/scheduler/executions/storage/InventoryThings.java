package io.holdfast.scheduler.executions.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.http.InternalHttp;
import io.holdfast.scheduler.executions.NamedThings;
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
    private static final String FILTER = "filter_id";
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
            case "blueprint_id" -> byRules("blueprints", name, constraints);
            case DEPLOYMENT -> byRules("deployments", name, constraints);
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

    /** Labels and tenants are rules of filters; a name's pattern is none. */
    private boolean byRules(String kind, Object name, Map<String, Object> constraints) {
        String query = "id=" + encoded(name)
                + (constraints.containsKey(FILTER) ? "&_filter_id=" + encoded(constraints.get(FILTER)) : "");
        List<Map<String, Object>> rules = new ArrayList<>();
        if (constraints.get("labels") instanceof List<?> labels) {
            labels.forEach(label -> {
                if (label instanceof Map<?, ?> one) {
                    one.forEach((key, value) -> rules.add(rule("label", String.valueOf(key), List.of(text(value)))));
                }
            });
        }
        if (constraints.get("tenants") instanceof List<?> tenants) {
            rules.add(rule(
                    "attribute",
                    "tenant_name",
                    tenants.stream().map(InventoryThings::text).toList()));
        }
        return (rules.isEmpty()
                        || !items(kind, query, Map.of("filter_rules", rules)).isEmpty())
                && found(kind, query, names(constraints, false));
    }

    private static Map<String, Object> rule(String type, String key, List<String> values) {
        return Map.of("type", type, "key", key, "operator", "any_of", "values", values);
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
        if (constraints.get(PATTERN) instanceof Map<?, ?> patterns
                && !patterns.entrySet().stream()
                        .allMatch(pattern -> matches(name, text(pattern.getKey()), text(pattern.getValue())))) {
            return false;
        }
        String query = "/nodes?_include=operations&_get_all_results=true&" + DEPLOYMENT + "="
                + encoded(deployment(constraints));
        return StreamSupport.stream(
                        inventory.get(query, JsonNode.class).path("items").spliterator(), false)
                .anyMatch(node -> node.path("operations").has(name));
    }

    private static boolean matches(String name, String operator, String text) {
        return switch (operator) {
            case "contains" -> name.contains(text);
            case "starts_with" -> name.startsWith(text);
            case "ends_with" -> name.endsWith(text);
            case "equals_to" -> name.equals(text);
            default -> false;
        };
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
