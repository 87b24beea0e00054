package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.holdfast.http.IdentitySigner;
import io.holdfast.testsupport.Fixtures;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a genuine manager answered in its lists, put into our tables, comes out of our lists the same, field by field. The product's
 * always-null {@code *_p} fields are left out.
 */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class SourceCensusIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Census type → path of our list. */
    private static final Map<String, String> LISTS = new TreeMap<>(Map.ofEntries(
            Map.entry("agents", "/agents"),
            Map.entry("blueprints", "/blueprints"),
            Map.entry("blueprints_filters", "/filters/blueprints"),
            Map.entry("deployment_groups", "/deployment-groups"),
            Map.entry("deployment_updates", "/deployment-updates"),
            Map.entry("deployments", "/deployments"),
            // the manager that was asked had been set up without its own filters
            Map.entry("deployments_filters", "/filters/deployments?is_system_filter=false"),
            Map.entry("idd", "/deployments/inter-deployment-dependencies"),
            Map.entry("node_instances", "/node-instances"),
            Map.entry("nodes", "/nodes"),
            Map.entry("plugins", "/plugins"),
            Map.entry("plugins_updates", "/plugins-updates"),
            Map.entry("secrets", "/secrets"),
            Map.entry("sites", "/sites")));

    @Inject
    IdentitySigner signer;

    @Inject
    Config config;

    @Inject
    SchedulerStandIn scheduler;

    private JsonNode tenants;

    @BeforeEach
    void fill() throws IOException, SQLException {
        tenants = JSON.readTree(
                        Fixtures.require("real_7x_flat_easy.source-census.json").toFile())
                .get("per_tenant");
        try (Rows rows = new Rows(config)) {
            rows.clear();
            Set<String> done = new HashSet<>();
            for (JsonNode tenant : tenants) {
                for (String type : LISTS.keySet()) {
                    for (JsonNode item : tenant.path(type)) {
                        // A global thing is in every tenant's list.
                        if (done.add(type + "/" + item.path("tenant_name") + "/" + item.path("deployment_id") + "/"
                                + item.path("id") + item.path("key") + item.path("name"))) {
                            insert(rows, type, item);
                        }
                    }
                }
            }
        }
    }

    @Test
    void everyListAnswersWhatTheGenuineManagerAnswered() {
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (Map.Entry<String, JsonNode> tenant : tenants.properties()) {
            Api api = Api.admin(signer, tenant.getKey());
            for (Map.Entry<String, String> list : LISTS.entrySet()) {
                JsonNode expected = tenant.getValue().path(list.getKey());
                JsonNode actual = api.items(list.getValue());
                String where = tenant.getKey() + " " + list.getKey();
                if (expected.size() != actual.size()) {
                    differences.add(where + ": " + actual.size() + " items, expected " + expected.size());
                    continue;
                }
                for (JsonNode item : expected) {
                    compared++;
                    differences.addAll(differences(where, item, same(item, actual)));
                }
            }
        }
        // then
        assertThat(compared).isGreaterThan(20);
        assertThat(differences).isEmpty();
    }

    private static List<String> differences(String where, JsonNode expected, JsonNode actual) {
        List<String> differences = new ArrayList<>();
        String name = where + " " + expected.path("id").asText()
                + expected.path("key").asText() + expected.path("name").asText();
        expected.properties().forEach(field -> {
            if (field.getKey().endsWith("_p")) {
                return;
            }
            if (!actual.has(field.getKey())) {
                differences.add(name + " lacks " + field.getKey());
            } else if (!plain(field.getValue()).equals(plain(actual.get(field.getKey())))) {
                differences.add(name + "." + field.getKey() + ": " + actual.get(field.getKey()) + ", expected "
                        + field.getValue());
            }
        });
        return differences;
    }

    /** Without the fields that we leave out, also in what is nested; labels without their order, which the product leaves open. */
    private static Object plain(JsonNode node) {
        if (node.isObject()) {
            ObjectNode copy = node.deepCopy();
            List<String> legacy = new ArrayList<>();
            copy.fieldNames().forEachRemaining(field -> {
                if (field.endsWith("_p")) {
                    legacy.add(field);
                }
            });
            return copy.remove(legacy);
        }
        if (node.isArray() && node.size() > 1 && node.get(0).has("key")) {
            Set<JsonNode> labels = new HashSet<>();
            node.forEach(labels::add);
            return labels;
        }
        return node;
    }

    private static JsonNode same(JsonNode wanted, JsonNode items) {
        for (JsonNode item : items) {
            if (List.of("id", "key", "name", "deployment_id", "tenant_name").stream()
                    .allMatch(field -> item.path(field).equals(wanted.path(field)) || !wanted.has(field))) {
                return item;
            }
        }
        return JsonNodeFactory.instance.objectNode();
    }

    private void insert(Rows rows, String type, JsonNode item) throws SQLException {
        Map<String, JsonNode> more = new HashMap<>();
        String table = switch (type) {
            case "idd" -> "inter_deployment_dependencies";
            default -> type;
        };
        switch (type) {
            case "agents" -> {
                more.put("name", item.get("id"));
                more.put("node_id", item.get("node"));
                more.put("deployment_id", item.get("deployment"));
            }
            case "blueprints" -> {
                JsonNode execution = item.get("upload_execution");
                more.put("upload_execution_id", execution.get("id"));
                ObjectNode plain = execution.deepCopy();
                scheduler.executions.put(
                        execution.get("tenant_name").asText() + "/"
                                + execution.get("id").asText(),
                        plain.without("execution_group_id"));
                labels(rows, "blueprint", item);
            }
            case "deployments" -> {
                more.put("create_execution_id", item.get("create_execution"));
                more.put("latest_execution_id", item.get("latest_execution"));
                more.put(
                        "latest_execution_status",
                        new TextNode(
                                item.get("latest_execution_status").asText().replace("completed", "terminated")));
                labels(rows, "deployment", item);
            }
            case "deployment_groups" -> {
                labels(rows, "deployment_group", item);
                for (JsonNode member : item.get("deployment_ids")) {
                    rows.insert(
                            "inventory.deployment_group_members",
                            JsonNodeFactory.instance.objectNode(),
                            Map.of(
                                    "tenant_name", item.get("tenant_name"),
                                    "deployment_group_id", item.get("id"),
                                    "deployment_id", member));
                }
            }
            case "plugins" -> more.put("yaml_files", JSON.createArrayNode().add("plugin.yaml"));
            default -> {
                // The columns have the fields' names.
            }
        }
        rows.insert("inventory." + table, item, more);
    }

    private static void labels(Rows rows, String owner, JsonNode item) throws SQLException {
        for (JsonNode label : item.get("labels")) {
            rows.insert(
                    "inventory." + owner + "_labels",
                    label,
                    Map.of("tenant_name", item.get("tenant_name"), owner + "_id", item.get("id")));
        }
    }
}
