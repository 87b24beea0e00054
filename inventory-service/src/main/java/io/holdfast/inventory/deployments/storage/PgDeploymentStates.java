package io.holdfast.inventory.deployments.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.app.DeploymentState;
import io.holdfast.inventory.language.RuntimeValues;
import io.holdfast.inventory.resources.storage.JsonText;
import io.holdfast.inventory.resources.storage.Seen;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a deployment with its nodes, instances and labels: four statements. */
@Singleton
class PgDeploymentStates implements DeploymentState.Source {

    private final Statements statements;
    private final ObjectMapper json;

    PgDeploymentStates(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper json) {
        this.statements = new Statements(dataSource);
        this.json = json;
    }

    @Override
    public Optional<DeploymentState> find(String id, CallerIdentity caller) {
        return statements
                .query(
                        "SELECT tenant_name, id, blueprint_id, display_name, created_by, inputs, outputs, capabilities"
                                + " FROM inventory.deployments" + Seen.ONE,
                        row -> new DeploymentState(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                JsonText.object(json, row.getString(6)),
                                JsonText.object(json, row.getString(7)),
                                JsonText.object(json, row.getString(8)),
                                new LinkedHashMap<>(),
                                new LinkedHashMap<>(),
                                new LinkedHashMap<>(),
                                new LinkedHashMap<>()),
                        Seen.of(id, caller))
                .stream()
                .findFirst()
                .map(this::filled);
    }

    private DeploymentState filled(DeploymentState state) {
        statements.query(
                "SELECT id, properties FROM inventory.nodes WHERE tenant_name = ? AND deployment_id = ?",
                row -> state.nodeProperties().put(row.getString(1), JsonText.object(json, row.getString(2))),
                state.tenant(),
                state.id());
        Map<String, StoredInstance> stored = new LinkedHashMap<>();
        statements.query(
                """
                SELECT i.id, i.node_id, i.index, i.runtime_properties, i.relationships, i.scaling_groups, (
                    SELECT r ->> 'target_id'
                    FROM jsonb_array_elements(CASE jsonb_typeof(n.relationships) WHEN 'array' THEN n.relationships END) r
                    WHERE jsonb_exists(r -> 'type_hierarchy', 'cloudify.relationships.contained_in') LIMIT 1)
                FROM inventory.node_instances i
                LEFT JOIN inventory.nodes n
                    ON n.tenant_name = i.tenant_name AND n.deployment_id = i.deployment_id AND n.id = i.node_id
                WHERE i.tenant_name = ? AND i.deployment_id = ? ORDER BY i.index, i.storage_id""",
                row -> stored.put(
                        row.getString(1),
                        new StoredInstance(
                                row.getString(2),
                                row.getInt(3),
                                JsonText.object(json, row.getString(4)),
                                targets(row.getString(5)),
                                groups(row.getString(6)),
                                row.getString(7))),
                state.tenant(),
                state.id());
        stored.forEach((id, instance) -> {
            state.nodeOfInstance().put(id, instance.node());
            state.instances()
                    .computeIfAbsent(instance.node(), node -> new ArrayList<>())
                    .add(new RuntimeValues.Instance(
                            id,
                            instance.index(),
                            instance.runtimeProperties(),
                            instance.targets(),
                            allGroups(instance, stored)));
        });
        statements.query(
                "SELECT key, value FROM inventory.deployment_labels WHERE tenant_name = ? AND deployment_id = ? ORDER"
                        + " BY created_at, value, storage_id",
                row -> state.labels()
                        .computeIfAbsent(row.getString(1), key -> new ArrayList<>())
                        .add(row.getString(2)),
                state.tenant(),
                state.id());
        return state;
    }

    /** @param container the node that its node is contained in; null: none */
    private record StoredInstance(
            String node,
            int index,
            Map<String, @Nullable Object> runtimeProperties,
            Map<String, List<String>> targets,
            Map<String, String> groups,
            @Nullable String container) {}

    private Map<String, List<String>> targets(@Nullable String relationships) {
        Map<String, List<String>> targets = new LinkedHashMap<>();
        if (relationships != null) {
            JsonText.tree(json, relationships)
                    .forEach(relationship -> targets.computeIfAbsent(
                                    relationship.path("target_name").asText(), name -> new ArrayList<>())
                            .add(relationship.path("target_id").asText()));
        }
        return targets;
    }

    private Map<String, String> groups(@Nullable String scalingGroups) {
        Map<String, String> groups = new LinkedHashMap<>();
        if (scalingGroups != null) {
            JsonText.tree(json, scalingGroups)
                    .forEach(group -> groups.putIfAbsent(
                            group.path("name").asText(), group.path("id").asText()));
        }
        return groups;
    }

    /** Its own, then those of its containers, from the inside out. */
    private static Map<String, String> allGroups(StoredInstance instance, Map<String, StoredInstance> all) {
        Map<String, String> groups = new LinkedHashMap<>(instance.groups());
        Set<StoredInstance> passed = new HashSet<>();
        StoredInstance inner = instance;
        while (inner != null && passed.add(inner)) {
            List<String> containers =
                    inner.container() == null ? List.of() : inner.targets().getOrDefault(inner.container(), List.of());
            inner = containers.isEmpty() ? null : all.get(containers.get(0));
            if (inner != null) {
                inner.groups().forEach(groups::putIfAbsent);
            }
        }
        return groups;
    }

    @Override
    public List<String> displayNames(String tenant, List<String> ids) {
        return statements.query(
                "SELECT coalesce(d.display_name, d.id) FROM unnest(?::text[]) WITH ORDINALITY AS wanted (id, place)"
                        + " JOIN inventory.deployments d ON d.tenant_name = ? AND d.id = wanted.id ORDER BY wanted.place",
                row -> row.getString(1),
                ids.toArray(String[]::new),
                tenant);
    }
}
