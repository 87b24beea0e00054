package io.holdfast.inventory.updates.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.resources.storage.JsonText;
import io.holdfast.inventory.resources.storage.Seen;
import io.holdfast.inventory.resources.storage.Statements;
import io.holdfast.inventory.updates.app.DeploymentUpdateRecords;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Singleton
class PgDeploymentUpdateRecords implements DeploymentUpdateRecords {

    private final Statements statements;
    private final ObjectMapper json;

    PgDeploymentUpdateRecords(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper json) {
        this.statements = new Statements(dataSource);
        this.json = json;
    }

    @Override
    public Optional<Before> deployment(String id, CallerIdentity caller) {
        return statements
                .query(
                        "SELECT tenant_name, id, blueprint_id, inputs, runtime_only_evaluation, visibility"
                                + " FROM inventory.deployments" + Seen.ONE,
                        row -> new Before(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                JsonText.object(json, row.getString(4)),
                                row.getBoolean(5),
                                row.getString(6)),
                        Seen.of(id, caller))
                .stream()
                .findFirst();
    }

    @Override
    public boolean hasBlueprint(String id, CallerIdentity caller) {
        return statements.exists("SELECT FROM inventory.blueprints" + Seen.ONE, Seen.of(id, caller));
    }

    @Override
    public Optional<String> deploymentOf(String tenant, String updateId) {
        return statements
                .query(
                        "SELECT coalesce(deployment_id, '') FROM inventory.deployment_updates WHERE tenant_name = ? AND id = ?"
                                + " FOR UPDATE",
                        row -> row.getString(1),
                        tenant,
                        updateId)
                .stream()
                .findFirst();
    }

    @Override
    public Optional<String> executionOf(String tenant, String updateId) {
        return statements
                .query(
                        "SELECT execution_id FROM inventory.deployment_updates WHERE tenant_name = ? AND id = ?"
                                + " AND execution_id IS NOT NULL",
                        row -> row.getString(1),
                        tenant,
                        updateId)
                .stream()
                .findFirst();
    }

    @Override
    public boolean add(Before deployment, String id, Content content, String createdBy, Instant createdAt) {
        boolean added = insert(deployment, id, createdBy, createdAt);
        if (added) {
            change(deployment.tenant(), id, content);
        }
        return added;
    }

    @Override
    public void put(Before deployment, String id, Content content, String createdBy, Instant createdAt) {
        insert(deployment, id, createdBy, createdAt);
        change(deployment.tenant(), id, content);
    }

    private boolean insert(Before deployment, String id, String createdBy, Instant createdAt) {
        return statements.update(
                        """
                INSERT INTO inventory.deployment_updates (tenant_name, id, deployment_id, visibility, created_by, created_at)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_name, id) DO NOTHING""", deployment.tenant(), id, deployment.id(), deployment.visibility(), createdBy, createdAt)
                == 1;
    }

    @Override
    public void change(String tenant, String id, Content content) {
        statements.update(
                """
                UPDATE inventory.deployment_updates SET
                    state = coalesce(?, state),
                    execution_id = coalesce(?, execution_id),
                    old_blueprint_id = coalesce(?, old_blueprint_id),
                    new_blueprint_id = coalesce(?, new_blueprint_id),
                    old_inputs = coalesce(?::jsonb, old_inputs),
                    new_inputs = coalesce(?::jsonb, new_inputs),
                    deployment_plan = coalesce(?::jsonb, deployment_plan),
                    deployment_update_nodes = coalesce(?::jsonb, deployment_update_nodes),
                    deployment_update_node_instances = coalesce(?::jsonb, deployment_update_node_instances),
                    modified_entity_ids = coalesce(?::jsonb, modified_entity_ids),
                    central_plugins_to_install = coalesce(?::jsonb, central_plugins_to_install),
                    central_plugins_to_uninstall = coalesce(?::jsonb, central_plugins_to_uninstall),
                    steps = coalesce(steps || ?::jsonb, ?::jsonb, steps),
                    runtime_only_evaluation = coalesce(?::boolean, runtime_only_evaluation),
                    visibility = coalesce(?, visibility),
                    keep_old_deployment_dependencies = coalesce(?::boolean, keep_old_deployment_dependencies)
                WHERE tenant_name = ? AND id = ?""",
                content.state(),
                content.executionId(),
                content.oldBlueprintId(),
                content.newBlueprintId(),
                text(content.oldInputs()),
                text(content.newInputs()),
                text(content.plan()),
                text(content.nodes()),
                text(content.nodeInstances()),
                text(content.modifiedEntities()),
                text(content.pluginsToInstall()),
                text(content.pluginsToUninstall()),
                text(content.steps()),
                text(content.steps()),
                content.atRunTimeOnly(),
                content.visibility(),
                content.keepsOldDependencies(),
                tenant,
                id);
    }

    @Override
    public void remove(String tenant, String id) {
        statements.update("DELETE FROM inventory.deployment_updates WHERE tenant_name = ? AND id = ?", tenant, id);
    }

    @Override
    public void updated(String tenant, String deploymentId, Instant at) {
        statements.update(
                "UPDATE inventory.deployments SET updated_at = ? WHERE tenant_name = ? AND id = ?",
                at,
                tenant,
                deploymentId);
    }

    private @Nullable String text(@Nullable Object value) {
        return JsonText.of(json, value);
    }
}
