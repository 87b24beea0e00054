package io.holdfast.inventory.updates.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.nodes.app.NodeRecords;
import io.holdfast.inventory.resources.storage.JsonText;
import io.holdfast.inventory.resources.storage.Seen;
import io.holdfast.inventory.resources.storage.Statements;
import io.holdfast.inventory.updates.app.ModificationRecords;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Singleton
class PgModificationRecords implements ModificationRecords {

    private final Statements statements;
    private final ObjectMapper json;

    PgModificationRecords(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper json) {
        this.statements = new Statements(dataSource);
        this.json = json;
    }

    private ObjectNode object(@Nullable String text) {
        return text != null && JsonText.tree(json, text) instanceof ObjectNode object
                ? object
                : json.createObjectNode();
    }

    @Override
    public Optional<Deployment> lockDeployment(String id, CallerIdentity caller) {
        return statements
                .query(
                        "SELECT tenant_name, id, visibility, scaling_groups FROM inventory.deployments" + Seen.ONE
                                + " FOR UPDATE",
                        row -> new Deployment(
                                new NodeRecords.Owner(row.getString(1), row.getString(2), row.getString(3)),
                                object(row.getString(4))),
                        Seen.of(id, caller))
                .stream()
                .findFirst();
    }

    @Override
    public List<Node> nodes(NodeRecords.Owner owner) {
        return statements.query(
                """
                SELECT id, host_id, coalesce(number_of_instances, 1),
                       coalesce(planned_number_of_instances, number_of_instances, 1), coalesce(relationships, '[]')
                FROM inventory.nodes WHERE tenant_name = ? AND deployment_id = ? ORDER BY storage_id""",
                row -> new Node(
                        row.getString(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getInt(4),
                        JsonText.tree(json, row.getString(5))),
                owner.tenant(),
                owner.deploymentId());
    }

    @Override
    public List<ObjectNode> instances(NodeRecords.Owner owner) {
        return statements.query("""
                SELECT to_jsonb(i) - 'storage_id'
                    || jsonb_build_object('resource_availability', visibility, 'private_resource', visibility = 'private')
                FROM inventory.node_instances i WHERE tenant_name = ? AND deployment_id = ? ORDER BY storage_id""", row -> object(row.getString(1)), owner.tenant(), owner.deploymentId());
    }

    @Override
    public List<String> started(NodeRecords.Owner owner) {
        return statements.query(
                "SELECT id FROM inventory.deployment_modifications WHERE tenant_name = ? AND deployment_id = ?"
                        + " AND status = 'started' ORDER BY number",
                row -> row.getString(1),
                owner.tenant(),
                owner.deploymentId());
    }

    @Override
    public Optional<Stored> find(String tenant, String id) {
        return statements
                .query(
                        "SELECT id, deployment_id, status, modified_nodes, node_instances, context"
                                + " FROM inventory.deployment_modifications WHERE tenant_name = ? AND id = ? FOR UPDATE",
                        row -> new Stored(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                object(row.getString(4)),
                                object(row.getString(5)),
                                object(row.getString(6))),
                        tenant,
                        id)
                .stream()
                .findFirst();
    }

    @Override
    public void add(NodeRecords.Owner owner, Stored modification, String createdBy, Instant at) {
        statements.update(
                """
                INSERT INTO inventory.deployment_modifications (tenant_name, id, deployment_id, status, modified_nodes,
                    node_instances, context, visibility, created_by, created_at)
                VALUES (?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?, ?, ?)""",
                owner.tenant(),
                modification.id(),
                modification.deploymentId(),
                modification.status(),
                JsonText.of(json, modification.modifiedNodes()),
                JsonText.of(json, modification.nodeInstances()),
                JsonText.of(json, modification.context()),
                owner.visibility(),
                createdBy,
                at);
    }

    @Override
    public void end(String tenant, String id, String status, ObjectNode nodeInstances, Instant at) {
        statements.update(
                "UPDATE inventory.deployment_modifications SET status = ?, node_instances = ?::jsonb, ended_at = ?"
                        + " WHERE tenant_name = ? AND id = ?",
                status,
                JsonText.of(json, nodeInstances),
                at,
                tenant,
                id);
    }

    @Override
    public void scalingGroups(NodeRecords.Owner owner, ObjectNode groups) {
        statements.update(
                "UPDATE inventory.deployments SET scaling_groups = ?::jsonb WHERE tenant_name = ? AND id = ?",
                JsonText.of(json, groups),
                owner.tenant(),
                owner.deploymentId());
    }

    @Override
    public void counts(NodeRecords.Owner owner, String nodeId, @Nullable Integer current, @Nullable Integer planned) {
        statements.update(
                "UPDATE inventory.nodes SET number_of_instances = coalesce(?::integer, number_of_instances),"
                        + " planned_number_of_instances = coalesce(?::integer, planned_number_of_instances)"
                        + " WHERE tenant_name = ? AND deployment_id = ? AND id = ?",
                current,
                planned,
                owner.tenant(),
                owner.deploymentId(),
                nodeId);
    }

    @Override
    public void relationships(NodeRecords.Owner owner, String instanceId, JsonNode relationships) {
        statements.update(
                "UPDATE inventory.node_instances SET relationships = ?::jsonb, version = version + 1"
                        + " WHERE tenant_name = ? AND id = ?",
                JsonText.of(json, relationships),
                owner.tenant(),
                instanceId);
    }

    @Override
    public void restoreInstance(NodeRecords.Owner owner, ObjectNode instance) {
        statements.update("""
                INSERT INTO inventory.node_instances (tenant_name, id, deployment_id, node_id, host_id, index, state,
                    runtime_properties, system_properties, relationships, scaling_groups, version, has_configuration_drift,
                    is_status_check_ok, visibility, created_by)
                SELECT ?, id, ?, node_id, host_id, index, state, runtime_properties, system_properties, relationships,
                    scaling_groups, version, has_configuration_drift, is_status_check_ok, visibility, created_by
                FROM jsonb_populate_record(NULL::inventory.node_instances, ?::jsonb)
                ON CONFLICT (tenant_name, id) DO UPDATE SET
                    host_id = excluded.host_id, index = excluded.index, state = excluded.state,
                    runtime_properties = excluded.runtime_properties, system_properties = excluded.system_properties,
                    relationships = excluded.relationships, scaling_groups = excluded.scaling_groups,
                    version = excluded.version, has_configuration_drift = excluded.has_configuration_drift,
                    is_status_check_ok = excluded.is_status_check_ok""", owner.tenant(), owner.deploymentId(), JsonText.of(json, instance));
    }
}
