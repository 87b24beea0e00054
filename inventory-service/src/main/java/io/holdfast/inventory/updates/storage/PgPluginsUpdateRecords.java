package io.holdfast.inventory.updates.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.blueprints.BlueprintState;
import io.holdfast.inventory.resources.storage.JsonText;
import io.holdfast.inventory.resources.storage.Statements;
import io.holdfast.inventory.updates.app.PluginsUpdateRecords;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Singleton
class PgPluginsUpdateRecords implements PluginsUpdateRecords {

    private static final String STORED =
            "SELECT id, state, blueprint_id, temp_blueprint_id, execution_id, coalesce(all_tenants, false)"
                    + " FROM inventory.plugins_updates WHERE tenant_name = ? AND ";

    private final Statements statements;
    private final ObjectMapper json;

    PgPluginsUpdateRecords(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper json) {
        this.statements = new Statements(dataSource);
        this.json = json;
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getBoolean(6));
    }

    @Override
    public void lock(String tenant, String blueprintId) {
        statements.query(
                "SELECT pg_advisory_xact_lock(hashtextextended('plugins update ' || ? || '/' || ?, 0))",
                row -> true,
                tenant,
                blueprintId);
    }

    @Override
    public List<Stored> of(String tenant, String blueprintId, List<String> states) {
        return statements.query(
                STORED + "blueprint_id = ? AND state = ANY (?) ORDER BY storage_id",
                PgPluginsUpdateRecords::stored,
                tenant,
                blueprintId,
                states.toArray(String[]::new));
    }

    @Override
    public Optional<Stored> find(String tenant, String id) {
        return statements.query(STORED + "id = ? FOR UPDATE", PgPluginsUpdateRecords::stored, tenant, id).stream()
                .findFirst();
    }

    @Override
    public boolean add(New update) {
        return statements.update(
                        """
                        INSERT INTO inventory.plugins_updates (tenant_name, id, blueprint_id, state, temp_blueprint_id,
                            execution_id, forced, all_tenants, deployments_to_update, deployments_per_tenant, visibility,
                            created_by, created_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?)
                        ON CONFLICT (tenant_name, id) DO NOTHING""",
                        update.tenant(),
                        update.id(),
                        update.blueprintId(),
                        update.state(),
                        update.copyId(),
                        update.executionId(),
                        update.forced(),
                        update.allTenants(),
                        JsonText.of(json, update.deployments()),
                        JsonText.of(json, update.deploymentsPerTenant()),
                        update.visibility(),
                        update.createdBy(),
                        update.createdAt())
                > 0;
    }

    @Override
    public void state(String tenant, String id, String state, @Nullable String executionId) {
        statements.update(
                "UPDATE inventory.plugins_updates SET state = ?, execution_id = coalesce(?, execution_id)"
                        + " WHERE tenant_name = ? AND id = ?",
                state,
                executionId,
                tenant,
                id);
    }

    @Override
    public void remove(String tenant, String id) {
        statements.update("DELETE FROM inventory.plugins_updates WHERE tenant_name = ? AND id = ?", tenant, id);
    }

    @Override
    public Map<String, List<String>> deployments(String tenant, String blueprintId, boolean allTenants) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        statements.query(
                "SELECT tenant_name, id FROM inventory.deployments WHERE blueprint_id = ? AND (tenant_name = ? OR ?)"
                        + " ORDER BY tenant_name, id",
                row -> found.computeIfAbsent(row.getString(1), name -> new ArrayList<>())
                        .add(row.getString(2)),
                blueprintId,
                tenant,
                allTenants);
        return found;
    }

    @Override
    public void copy(String tenant, String blueprintId, String copyId, Object plan, String createdBy, Instant at) {
        statements.update(
                """
                INSERT INTO inventory.blueprints (tenant_name, id, main_file_name, plan, description, requirements, is_hidden,
                    state, archive_sha256, archive_name, visibility, created_by, created_at, updated_at)
                SELECT tenant_name, ?, main_file_name, ?::jsonb,
                    concat_ws(E'\\n', description, 'copied from ' || id || ' to update its plugins'), requirements, true,
                    ?, archive_sha256, archive_name, visibility, ?, ?, ?
                FROM inventory.blueprints WHERE tenant_name = ? AND id = ?""",
                copyId,
                JsonText.of(json, plan),
                BlueprintState.UPLOADED.wireName(),
                createdBy,
                at,
                at,
                tenant,
                blueprintId);
    }

    @Override
    public void takePlan(String tenant, String blueprintId, String fromId, Instant at) {
        statements.update(
                "UPDATE inventory.blueprints b SET plan = f.plan, requirements = f.requirements, updated_at = ?"
                        + " FROM inventory.blueprints f WHERE f.tenant_name = b.tenant_name AND f.id = ?"
                        + " AND b.tenant_name = ? AND b.id = ?",
                at,
                fromId,
                tenant,
                blueprintId);
    }

    @Override
    public void move(String tenant, String fromBlueprintId, String toBlueprintId, boolean allTenants, Instant at) {
        statements.update(
                "UPDATE inventory.deployments SET blueprint_id = ?, updated_at = ? WHERE blueprint_id = ? AND (tenant_name = ? OR ?)",
                toBlueprintId,
                at,
                fromBlueprintId,
                tenant,
                allTenants);
    }

    @Override
    public void show(String tenant, String blueprintId) {
        statements.update(
                "UPDATE inventory.blueprints SET is_hidden = false WHERE tenant_name = ? AND id = ?",
                tenant,
                blueprintId);
    }

    @Override
    public void removeBlueprint(String tenant, String blueprintId) {
        statements.update(
                "DELETE FROM inventory.blueprint_labels WHERE tenant_name = ? AND blueprint_id = ?",
                tenant,
                blueprintId);
        statements.update("DELETE FROM inventory.blueprints WHERE tenant_name = ? AND id = ?", tenant, blueprintId);
    }
}
