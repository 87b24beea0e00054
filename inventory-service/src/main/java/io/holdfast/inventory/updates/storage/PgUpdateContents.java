package io.holdfast.inventory.updates.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.language.Shared;
import io.holdfast.inventory.nodes.app.NodeRecords;
import io.holdfast.inventory.resources.storage.JsonText;
import io.holdfast.inventory.resources.storage.Statements;
import io.holdfast.inventory.updates.app.UpdateContents;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Singleton
class PgUpdateContents implements UpdateContents {

    private final Statements statements;
    private final ObjectMapper json;

    PgUpdateContents(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper json) {
        this.statements = new Statements(dataSource);
        this.json = json;
    }

    private @Nullable String text(@Nullable Object value) {
        return JsonText.of(json, value);
    }

    private Map<String, @Nullable Object> object(@Nullable String text) {
        return JsonText.object(json, text);
    }

    @Override
    public Optional<Stored> lock(String tenant, String id) {
        return statements
                .query(
                        "SELECT id, deployment_id, execution_id, state, new_blueprint_id, new_inputs,"
                                + " coalesce(runtime_only_evaluation, false), deployment_plan, deployment_update_nodes,"
                                + " deployment_update_node_instances, created_by FROM inventory.deployment_updates"
                                + " WHERE tenant_name = ? AND id = ? FOR UPDATE",
                        row -> {
                            Map<String, @Nullable Object> instances = JsonText.shared(json, row.getBytes(10));
                            return new Stored(
                                    row.getString(1),
                                    row.getString(2),
                                    row.getString(3),
                                    row.getString(4),
                                    row.getString(5),
                                    object(row.getString(6)),
                                    row.getBoolean(7),
                                    JsonText.shared(json, row.getBytes(8)),
                                    JsonText.shared(json, row.getBytes(9)),
                                    instances,
                                    instances.containsKey(BEFORE),
                                    row.getString(11));
                        },
                        tenant,
                        id)
                .stream()
                .findFirst();
    }

    @Override
    public List<Open> open(String tenant, String deploymentId, String exceptId) {
        return statements.query(
                "SELECT id, execution_id FROM inventory.deployment_updates WHERE tenant_name = ? AND deployment_id = ?"
                        + " AND id <> ? AND jsonb_exists(deployment_update_node_instances, ?) ORDER BY storage_id",
                row -> new Open(row.getString(1), row.getString(2)),
                tenant,
                deploymentId,
                exceptId,
                BEFORE);
    }

    @Override
    public Optional<Map<String, @Nullable Object>> lockDeployment(String tenant, String id) {
        return statements
                .query(
                        "SELECT to_jsonb(d) FROM inventory.deployments d WHERE tenant_name = ? AND id = ? FOR UPDATE",
                        row -> object(row.getString(1)),
                        tenant,
                        id)
                .stream()
                .findFirst();
    }

    @Override
    public List<Map<String, @Nullable Object>> nodes(NodeRecords.Owner owner) {
        return rows("inventory.nodes", owner);
    }

    @Override
    public List<Map<String, @Nullable Object>> instances(NodeRecords.Owner owner) {
        return rows("inventory.node_instances", owner);
    }

    private List<Map<String, @Nullable Object>> rows(String table, NodeRecords.Owner owner) {
        Shared shared = new Shared();
        return statements.query(
                "SELECT to_jsonb(r) - 'storage_id' FROM " + table
                        + " r WHERE tenant_name = ? AND deployment_id = ? ORDER BY storage_id",
                row -> JsonText.shared(json, row.getBytes(1), shared),
                owner.tenant(),
                owner.deploymentId());
    }

    @Override
    public void putNodes(NodeRecords.Owner owner, List<Map<String, @Nullable Object>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        statements.update("""
                INSERT INTO inventory.nodes (tenant_name, deployment_id, id, host_id, type, type_hierarchy, properties, operations,
                    relationships, plugins, plugins_to_install, number_of_instances, planned_number_of_instances,
                    deploy_number_of_instances, min_number_of_instances, max_number_of_instances, visibility, created_by)
                SELECT ?, ?, id, host_id, type, type_hierarchy, properties, operations, relationships, plugins,
                    plugins_to_install, number_of_instances, planned_number_of_instances, deploy_number_of_instances,
                    min_number_of_instances, max_number_of_instances, ?, created_by
                FROM jsonb_populate_recordset(NULL::inventory.nodes, ?::jsonb)
                ON CONFLICT (tenant_name, deployment_id, id) DO UPDATE SET
                    host_id = excluded.host_id, type = excluded.type, type_hierarchy = excluded.type_hierarchy,
                    properties = excluded.properties, operations = excluded.operations,
                    relationships = excluded.relationships, plugins = excluded.plugins,
                    plugins_to_install = excluded.plugins_to_install, number_of_instances = excluded.number_of_instances,
                    planned_number_of_instances = excluded.planned_number_of_instances,
                    deploy_number_of_instances = excluded.deploy_number_of_instances,
                    min_number_of_instances = excluded.min_number_of_instances,
                    max_number_of_instances = excluded.max_number_of_instances""", owner.tenant(), owner.deploymentId(), owner.visibility(), text(rows));
    }

    @Override
    public void putInstances(NodeRecords.Owner owner, List<Map<String, @Nullable Object>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        statements.update("""
                INSERT INTO inventory.node_instances (tenant_name, id, deployment_id, node_id, host_id, index, state,
                    runtime_properties, system_properties, relationships, scaling_groups, version, has_configuration_drift,
                    is_status_check_ok, visibility, created_by)
                SELECT ?, id, ?, node_id, host_id, index, state, runtime_properties, system_properties, relationships,
                    scaling_groups, version, has_configuration_drift, is_status_check_ok, ?, created_by
                FROM jsonb_populate_recordset(NULL::inventory.node_instances, ?::jsonb)
                ON CONFLICT (tenant_name, id) DO UPDATE SET
                    host_id = excluded.host_id, index = excluded.index, state = excluded.state,
                    runtime_properties = excluded.runtime_properties, system_properties = excluded.system_properties,
                    relationships = excluded.relationships, scaling_groups = excluded.scaling_groups,
                    version = excluded.version, has_configuration_drift = excluded.has_configuration_drift,
                    is_status_check_ok = excluded.is_status_check_ok""", owner.tenant(), owner.deploymentId(), owner.visibility(), text(rows));
    }

    @Override
    public void removeInstances(NodeRecords.Owner owner, List<String> ids) {
        remove("inventory.agents", "node_instance_id", owner, ids);
        remove("inventory.node_instances", "id", owner, ids);
    }

    @Override
    public void removeNodes(NodeRecords.Owner owner, List<String> ids) {
        for (String table : List.of("inventory.agents", "inventory.node_instances")) {
            remove(table, "node_id", owner, ids);
        }
        remove("inventory.nodes", "id", owner, ids);
    }

    private void remove(String table, String column, NodeRecords.Owner owner, List<String> ids) {
        statements.update(
                "DELETE FROM " + table + " WHERE tenant_name = ? AND deployment_id = ? AND " + column + " = ANY (?)",
                owner.tenant(),
                owner.deploymentId(),
                ids.toArray(String[]::new));
    }

    @Override
    public void describe(
            String tenant,
            String id,
            String executionId,
            String state,
            Map<String, @Nullable Object> plan,
            Map<String, @Nullable Object> nodes,
            Map<String, @Nullable Object> instances,
            List<Map<String, @Nullable Object>> steps) {
        statements.update(
                "UPDATE inventory.deployment_updates SET state = ?, execution_id = ?, deployment_plan = convert_from(?, 'UTF8')::jsonb,"
                        + " deployment_update_nodes = convert_from(?, 'UTF8')::jsonb,"
                        + " deployment_update_node_instances = convert_from(?, 'UTF8')::jsonb, steps = ?::jsonb"
                        + " WHERE tenant_name = ? AND id = ?",
                state,
                executionId,
                JsonText.bytes(json, plan),
                JsonText.bytes(json, nodes),
                JsonText.bytes(json, instances),
                text(steps),
                tenant,
                id);
    }

    @Override
    public void end(String tenant, String id, String state) {
        statements.update(
                "UPDATE inventory.deployment_updates SET state = ?, deployment_update_nodes = deployment_update_nodes - ?,"
                        + " deployment_update_node_instances = deployment_update_node_instances - ?"
                        + " WHERE tenant_name = ? AND id = ?",
                state,
                BEFORE,
                BEFORE,
                tenant,
                id);
    }

    @Override
    public void become(NodeRecords.Owner owner, Map<String, @Nullable Object> values, Instant at) {
        statements.update("""
                UPDATE inventory.deployments d SET
                    blueprint_id = n.blueprint_id, description = n.description, inputs = n.inputs, groups = n.groups,
                    scaling_groups = n.scaling_groups, policy_types = n.policy_types, policy_triggers = n.policy_triggers,
                    outputs = n.outputs, capabilities = n.capabilities, workflows = n.workflows,
                    resource_tags = n.resource_tags, runtime_only_evaluation = n.runtime_only_evaluation, updated_at = ?
                FROM jsonb_populate_record(NULL::inventory.deployments, ?::jsonb) n
                WHERE d.tenant_name = ? AND d.id = ?""", at, text(values), owner.tenant(), owner.deploymentId());
    }

    @Override
    public List<Label> labels(String tenant, String deploymentId) {
        return statements.query(
                "SELECT key, value FROM inventory.deployment_labels WHERE tenant_name = ? AND deployment_id = ?",
                row -> new Label(row.getString(1), row.getString(2)),
                tenant,
                deploymentId);
    }

    @Override
    public void addLabels(NodeRecords.Owner owner, List<Label> labels, String createdBy, Instant at) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Label label : labels) {
            rows.add(new @Nullable Object[] {
                owner.tenant(), owner.deploymentId(), label.key(), label.value(), createdBy, at
            });
        }
        statements.batch("""
                INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value, created_by, created_at)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""", rows);
    }

    @Override
    public List<Needed> neededByFunctions(NodeRecords.Owner owner) {
        return statements.query(
                "SELECT id, dependency_creator, target_deployment_id FROM inventory.inter_deployment_dependencies"
                        + " WHERE tenant_name = ? AND source_deployment_id = ? AND dependency_creator LIKE '%.get_capability'"
                        + " ORDER BY storage_id",
                row -> new Needed(row.getString(1), row.getString(2), row.getString(3)),
                owner.tenant(),
                owner.deploymentId());
    }
}
