package io.holdfast.inventory.deployments.storage;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.deployments.WorkflowAvailability;
import io.holdfast.inventory.deployments.app.LatestExecutions.Deployment;
import io.holdfast.inventory.resources.storage.JsonText;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says of deployments' workflows, which are stored with their rules, whether they can be started now. */
@Singleton
public class AvailableWorkflows {

    private static final String RULES = "availability_rules";
    private static final String AVAILABLE = "is_available";
    private static final TypeReference<Map<String, @Nullable Object>> MAP = new TypeReference<>() {};

    private final Statements statements;
    private final ObjectMapper mapper;

    AvailableWorkflows(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper mapper) {
        this.statements = new Statements(dataSource);
        this.mapper = mapper;
    }

    /**
     * @param stored each deployment's workflows as they are stored, a JSON list, or null where it has none yet
     * @return the same with {@code is_available} as it is now; nodes and their instances are looked at where there are rules
     */
    public Map<Deployment, JsonNode> now(Map<Deployment, String> stored) {
        Map<Deployment, JsonNode> lists = parsed(stored);
        List<Deployment> ruled = lists.entrySet().stream()
                .filter(list -> hasRules(list.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        Map<Deployment, WorkflowAvailability> found = of(ruled);
        WorkflowAvailability nothing = new WorkflowAvailability(Set.of(), Set.of());
        lists.forEach((deployment, list) -> {
            WorkflowAvailability availability = found.getOrDefault(deployment, nothing);
            list.forEach(workflow -> {
                if (workflow instanceof ObjectNode one) {
                    one.put(AVAILABLE, availability.allows(rules(one)));
                }
            });
        });
        return lists;
    }

    /** The same without {@code is_available}, which says of what is stored only how it was when the deployment was made. */
    Map<Deployment, JsonNode> withoutAvailability(Map<Deployment, String> stored) {
        Map<Deployment, JsonNode> lists = parsed(stored);
        lists.values()
                .forEach(list -> list.forEach(workflow -> {
                    if (workflow instanceof ObjectNode one) {
                        one.remove(AVAILABLE);
                    }
                }));
        return lists;
    }

    private Map<Deployment, JsonNode> parsed(Map<Deployment, String> stored) {
        Map<Deployment, JsonNode> lists = new LinkedHashMap<>();
        stored.forEach((deployment, text) -> lists.put(deployment, JsonText.tree(mapper, text)));
        return lists;
    }

    private static boolean hasRules(JsonNode workflows) {
        for (JsonNode workflow : workflows) {
            if (workflow.path(RULES).isObject()) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Map<String, @Nullable Object> rules(ObjectNode workflow) {
        JsonNode rules = workflow.path(RULES);
        return rules.isObject() ? mapper.convertValue(rules, MAP) : null;
    }

    private Map<Deployment, WorkflowAvailability> of(List<Deployment> deployments) {
        Map<Deployment, WorkflowAvailability> found = new LinkedHashMap<>();
        if (deployments.isEmpty()) {
            return found;
        }
        statements.query(
                """
                SELECT tenant, deployment,
                       ARRAY(SELECT DISTINCT coalesce(i.state, '') FROM inventory.node_instances i
                             WHERE i.tenant_name = tenant AND i.deployment_id = deployment),
                       ARRAY(SELECT DISTINCT t.type FROM inventory.nodes n
                             CROSS JOIN jsonb_array_elements_text(
                                 CASE jsonb_typeof(n.type_hierarchy) WHEN 'array' THEN n.type_hierarchy ELSE '[]' END) AS t(type)
                             WHERE n.tenant_name = tenant AND n.deployment_id = deployment)
                FROM unnest(?::text[], ?::text[]) AS asked(tenant, deployment)""",
                row -> found.put(
                        new Deployment(row.getString(1), row.getString(2)),
                        new WorkflowAvailability(words(row.getArray(3)), words(row.getArray(4)))),
                deployments.stream().map(Deployment::tenant).toArray(String[]::new),
                deployments.stream().map(Deployment::id).toArray(String[]::new));
        return found;
    }

    private static Set<String> words(Array array) throws SQLException {
        return Arrays.stream((String[]) array.getArray()).collect(Collectors.toSet());
    }
}
