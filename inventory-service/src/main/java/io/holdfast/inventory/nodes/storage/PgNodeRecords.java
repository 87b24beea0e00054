package io.holdfast.inventory.nodes.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.nodes.app.NodeRecords;
import io.holdfast.inventory.resources.storage.JsonText;
import io.holdfast.inventory.resources.storage.Seen;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Singleton
class PgNodeRecords implements NodeRecords {

    private final Statements statements;
    private final ObjectMapper json;

    PgNodeRecords(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper json) {
        this.statements = new Statements(dataSource);
        this.json = json;
    }

    private @Nullable String text(@Nullable Object value) {
        return JsonText.of(json, value);
    }

    @Override
    public Optional<Instance> lockInstance(String id, CallerIdentity caller) {
        return statements
                .query(
                        "SELECT tenant_name, id, deployment_id, node_id, version FROM inventory.node_instances"
                                + Seen.ONE + " FOR UPDATE",
                        row -> new Instance(
                                row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getInt(5)),
                        Seen.of(id, caller))
                .stream()
                .findFirst();
    }

    @Override
    public JsonNode systemProperties(Instance instance) {
        return statements
                .query(
                        "SELECT system_properties FROM inventory.node_instances WHERE tenant_name = ? AND id = ?",
                        row -> Objects.requireNonNullElse(row.getString(1), "{}"),
                        instance.tenant(),
                        instance.id())
                .stream()
                .findFirst()
                .map(found -> JsonText.tree(json, found))
                .filter(JsonNode::isObject)
                .orElseGet(json::createObjectNode);
    }

    @Override
    public void update(Instance instance, Change change) {
        statements.update(
                """
                UPDATE inventory.node_instances SET
                    state = coalesce(?, state),
                    runtime_properties = coalesce(?::jsonb, runtime_properties),
                    system_properties = coalesce(?::jsonb, system_properties),
                    relationships = coalesce(?::jsonb, relationships),
                    has_configuration_drift = coalesce(?::boolean, has_configuration_drift),
                    is_status_check_ok = coalesce(?::boolean, is_status_check_ok),
                    version = version + 1
                WHERE tenant_name = ? AND id = ?""",
                change.state(),
                text(change.runtimeProperties()),
                text(change.systemProperties()),
                text(change.relationships()),
                change.drifted(),
                change.statusOk(),
                instance.tenant(),
                instance.id());
    }

    @Override
    public void removeInstance(String tenant, String id) {
        statements.update("DELETE FROM inventory.agents WHERE tenant_name = ? AND node_instance_id = ?", tenant, id);
        statements.update("DELETE FROM inventory.node_instances WHERE tenant_name = ? AND id = ?", tenant, id);
    }

    @Override
    public Set<String> nodes(Owner owner) {
        return new HashSet<>(statements.query(
                "SELECT id FROM inventory.nodes WHERE tenant_name = ? AND deployment_id = ?",
                row -> row.getString(1),
                owner.tenant(),
                owner.deploymentId()));
    }

    @Override
    public Map<String, Integer> highestIndexes(Owner owner) {
        Map<String, Integer> highest = new HashMap<>();
        statements.query(
                "SELECT node_id, max(index) FROM inventory.node_instances WHERE tenant_name = ? AND deployment_id = ?"
                        + " AND index IS NOT NULL GROUP BY node_id",
                row -> highest.put(row.getString(1), row.getInt(2)),
                owner.tenant(),
                owner.deploymentId());
        return highest;
    }

    @Override
    public Set<String> takenInstanceIds(String tenant, List<String> ids) {
        return new HashSet<>(statements.query(
                "SELECT id FROM inventory.node_instances WHERE tenant_name = ? AND id = ANY (?)",
                row -> row.getString(1),
                tenant,
                ids.toArray(String[]::new)));
    }

    @Override
    public void addNodes(Owner owner, List<NewNode> nodes, String adder) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (NewNode node : nodes) {
            rows.add(new @Nullable Object[] {
                owner.tenant(),
                owner.deploymentId(),
                node.id(),
                node.hostId(),
                node.type(),
                text(node.typeHierarchy()),
                text(node.properties()),
                text(node.operations()),
                text(node.relationships()),
                text(node.plugins()),
                text(node.pluginsToInstall()),
                node.counts().current(),
                node.counts().planned(),
                node.counts().byDefault(),
                node.counts().least(),
                node.counts().most(),
                owner.visibility(),
                node.createdBy() == null ? adder : node.createdBy()
            });
        }
        statements.batch("""
                INSERT INTO inventory.nodes (tenant_name, deployment_id, id, host_id, type, type_hierarchy, properties,
                    operations, relationships, plugins, plugins_to_install, number_of_instances, planned_number_of_instances,
                    deploy_number_of_instances, min_number_of_instances, max_number_of_instances, visibility, created_by)
                VALUES (?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?, ?, ?, ?, ?, ?, ?)""", rows);
    }

    @Override
    public void addInstances(Owner owner, List<NewInstance> instances, String adder) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (NewInstance instance : instances) {
            rows.add(new @Nullable Object[] {
                owner.tenant(),
                instance.id(),
                owner.deploymentId(),
                instance.nodeId(),
                instance.hostId(),
                instance.index(),
                instance.state(),
                text(instance.runtimeProperties()),
                text(instance.systemProperties()),
                text(instance.relationships()),
                text(instance.scalingGroups()),
                instance.version(),
                instance.drifted(),
                instance.statusOk(),
                owner.visibility(),
                instance.createdBy() == null ? adder : instance.createdBy()
            });
        }
        statements.batch("""
                INSERT INTO inventory.node_instances (tenant_name, id, deployment_id, node_id, host_id, index, state,
                    runtime_properties, system_properties, relationships, scaling_groups, version, has_configuration_drift,
                    is_status_check_ok, visibility, created_by)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?, ?, ?, ?, ?)""", rows);
    }

    @Override
    public void updateNode(Owner owner, String id, NodeChange change) {
        Counts counts = change.counts();
        statements.update(
                """
                UPDATE inventory.nodes SET
                    plugins = coalesce(?::jsonb, plugins),
                    operations = coalesce(?::jsonb, operations),
                    relationships = coalesce(?::jsonb, relationships),
                    properties = coalesce(?::jsonb, properties),
                    number_of_instances = coalesce(?::integer, number_of_instances),
                    planned_number_of_instances = coalesce(?::integer, planned_number_of_instances),
                    deploy_number_of_instances = coalesce(?::integer, deploy_number_of_instances),
                    min_number_of_instances = coalesce(?::integer, min_number_of_instances),
                    max_number_of_instances = coalesce(?::integer, max_number_of_instances)
                WHERE tenant_name = ? AND deployment_id = ? AND id = ?""",
                text(change.plugins()),
                text(change.operations()),
                text(change.relationships()),
                text(change.properties()),
                counts.current(),
                counts.planned(),
                counts.byDefault(),
                counts.least(),
                counts.most(),
                owner.tenant(),
                owner.deploymentId(),
                id);
    }

    @Override
    public void removeNode(Owner owner, String id) {
        for (String table : List.of("inventory.agents", "inventory.node_instances")) {
            statements.update(
                    "DELETE FROM " + table + " WHERE tenant_name = ? AND deployment_id = ? AND node_id = ?",
                    owner.tenant(),
                    owner.deploymentId(),
                    id);
        }
        statements.update(
                "DELETE FROM inventory.nodes WHERE tenant_name = ? AND deployment_id = ? AND id = ?",
                owner.tenant(),
                owner.deploymentId(),
                id);
    }
}
