package io.holdfast.inventory.blueprints.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.blueprints.BlueprintState;
import io.holdfast.inventory.blueprints.app.BlueprintRecords;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.language.Plan;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.storage.JsonText;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

@Singleton
class PgBlueprintRecords implements BlueprintRecords {

    private static final String COLUMNS =
            "tenant_name, id, state, visibility, main_file_name, archive_sha256, archive_name, created_by, upload_execution_id";

    private static final Set<String> JSON = Set.of("plan", "requirements");
    private static final Set<String> TIMES = Set.of("created_at");

    private final Statements statements;
    private final ObjectMapper json;

    PgBlueprintRecords(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper json) {
        this.statements = new Statements(dataSource);
        this.json = json;
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                Visibility.of(row.getString(4)),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getString(9));
    }

    @Override
    public Optional<Stored> find(String id, CallerIdentity caller) {
        return statements
                .query(
                        "SELECT " + COLUMNS + """
                         FROM inventory.blueprints
                        WHERE id = ? AND (visibility = 'global' OR tenant_name = ? AND (visibility <> 'private' OR ? OR created_by = ?))
                        ORDER BY tenant_name = ? DESC LIMIT 1""",
                        PgBlueprintRecords::stored,
                        id,
                        caller.tenant(),
                        caller.seesPrivate() || caller.username().isEmpty(),
                        caller.username(),
                        caller.tenant())
                .stream()
                .findFirst();
    }

    @Override
    public Optional<Stored> hold(Stored blueprint) {
        return statements
                .query(
                        "SELECT " + COLUMNS + " FROM inventory.blueprints WHERE tenant_name = ? AND id = ? FOR UPDATE",
                        PgBlueprintRecords::stored,
                        blueprint.tenant(),
                        blueprint.id())
                .stream()
                .findFirst();
    }

    /** Two that want one id, in any tenants, come one after the other: global ones exclude all others. */
    private void lockId(String id) {
        statements.query("SELECT pg_advisory_xact_lock(hashtextextended('blueprint ' || ?, 0))", row -> true, id);
    }

    @Override
    public Optional<String> add(New blueprint) {
        String tenant = blueprint.tenant();
        String id = blueprint.id();
        lockId(id);
        statements.update(
                "DELETE FROM inventory.blueprint_labels WHERE tenant_name = ? AND blueprint_id = ? AND EXISTS (SELECT FROM"
                        + " inventory.blueprints WHERE tenant_name = ? AND id = ? AND state = ANY (?))",
                tenant,
                id,
                tenant,
                id,
                failed());
        List<String> replaced = statements.query(
                "DELETE FROM inventory.blueprints WHERE tenant_name = ? AND id = ? AND state = ANY (?) RETURNING"
                        + " coalesce(archive_sha256, '')",
                row -> row.getString(1),
                tenant,
                id,
                failed());
        boolean taken = statements.exists(
                "SELECT FROM inventory.blueprints WHERE id = ? AND (tenant_name = ? OR visibility = 'global')",
                id,
                tenant);
        if (blueprint.visibility() == Visibility.GLOBAL
                && statements.exists("SELECT FROM inventory.blueprints WHERE id = ?", id)) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "Can't set or create the resource `" + id
                            + "`, its visibility can't be global because it also exists in other tenants",
                    "choose another id, or delete that blueprint first");
        }
        if (taken) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "blueprint with id=" + id + " already exists on tenant " + tenant + " or with global visibility",
                    "choose another id, or delete that blueprint first");
        }
        statements.update(
                """
                INSERT INTO inventory.blueprints (tenant_name, id, main_file_name, state, upload_execution_id, visibility,
                                                  created_by, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                tenant,
                id,
                blueprint.mainFile(),
                BlueprintState.PENDING.wireName(),
                blueprint.uploadExecutionId(),
                blueprint.visibility().wireName(),
                blueprint.createdBy(),
                blueprint.createdAt(),
                blueprint.createdAt());
        addLabels(tenant, id, blueprint.labels(), blueprint.createdBy(), blueprint.createdAt());
        return replaced.stream().filter(sha256 -> !sha256.isEmpty()).findFirst();
    }

    private static String[] failed() {
        return BlueprintState.failed().toArray(String[]::new);
    }

    private static ManagerException elsewhere(String tenant, String id) {
        return new ManagerException(
                ErrorCode.CONFLICT,
                "Can't set or create the resource <Blueprint id=`" + id + "` tenant=`" + tenant
                        + "`>, its visibility can't be global because it also exists in other tenants",
                "choose another id, or a narrower visibility");
    }

    private void addLabels(String tenant, String id, List<Label> labels, @Nullable String createdBy, Instant at) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Label label : labels) {
            rows.add(new @Nullable Object[] {tenant, id, label.key(), label.value(), createdBy, at});
        }
        statements.batch("""
                INSERT INTO inventory.blueprint_labels (tenant_name, blueprint_id, key, value, created_by, created_at)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""", rows);
    }

    @Override
    public void state(String tenant, String id, BlueprintState state, @Nullable String error, Instant at) {
        statements.update(
                "UPDATE inventory.blueprints SET state = ?, error = ?, updated_at = ? WHERE tenant_name = ? AND id = ?",
                state.wireName(),
                error,
                at,
                tenant,
                id);
    }

    @Override
    public void archive(String tenant, String id, String sha256, String name) {
        statements.update(
                "UPDATE inventory.blueprints SET archive_sha256 = ?, archive_name = ? WHERE tenant_name = ? AND id = ?",
                sha256,
                name,
                tenant,
                id);
    }

    @Override
    public void uploaded(
            String tenant, String id, Plan plan, List<Label> labels, @Nullable String createdBy, Instant at) {
        statements.update(
                """
                UPDATE inventory.blueprints SET plan = convert_from(?, 'UTF8')::jsonb, description = ?, requirements = ?::jsonb, state = ?,
                       error = NULL, error_traceback = NULL, updated_at = ?
                WHERE tenant_name = ? AND id = ?""",
                JsonText.bytes(json, plan.data()),
                plan.description(),
                text(plan.requirements()),
                BlueprintState.UPLOADED.wireName(),
                at,
                tenant,
                id);
        addLabels(tenant, id, labels, createdBy, at);
    }

    private String text(Object value) {
        return Objects.requireNonNull(JsonText.of(json, value));
    }

    @Override
    public void set(String tenant, String id, Map<String, @Nullable String> fields, Instant at) {
        List<@Nullable Object> parameters = new ArrayList<>();
        StringBuilder columns = new StringBuilder();
        fields.forEach((name, value) -> {
            columns.append(name).append(JSON.contains(name) ? " = ?::jsonb, " : " = ?, ");
            parameters.add(value != null && TIMES.contains(name) ? Instant.parse(value) : value);
        });
        parameters.add(at);
        parameters.add(tenant);
        parameters.add(id);
        statements.update(
                "UPDATE inventory.blueprints SET " + columns + "updated_at = ? WHERE tenant_name = ? AND id = ?",
                parameters.toArray());
    }

    @Override
    public void labels(String tenant, String id, List<Label> labels, String createdBy, Instant at) {
        Set<String> wanted =
                labels.stream().map(label -> label.key() + '\0' + label.value()).collect(Collectors.toSet());
        List<Label> present = statements.query(
                "SELECT key, value FROM inventory.blueprint_labels WHERE tenant_name = ? AND blueprint_id = ?",
                row -> new Label(row.getString(1), row.getString(2)),
                tenant,
                id);
        for (Label label : present) {
            if (!wanted.contains(label.key() + '\0' + label.value())) {
                statements.update(
                        "DELETE FROM inventory.blueprint_labels WHERE tenant_name = ? AND blueprint_id = ? AND key = ?"
                                + " AND value = ?",
                        tenant,
                        id,
                        label.key(),
                        label.value());
            }
        }
        addLabels(tenant, id, labels, createdBy, at);
    }

    @Override
    public void visibility(Stored blueprint, Visibility visibility, Instant at) {
        lockId(blueprint.id());
        if (visibility == Visibility.GLOBAL
                && statements.exists(
                        "SELECT FROM inventory.blueprints WHERE id = ? AND tenant_name <> ?",
                        blueprint.id(),
                        blueprint.tenant())) {
            throw elsewhere(blueprint.tenant(), blueprint.id());
        }
        statements.update(
                "UPDATE inventory.blueprints SET visibility = ?, updated_at = ? WHERE tenant_name = ? AND id = ?",
                visibility.wireName(),
                at,
                blueprint.tenant(),
                blueprint.id());
    }

    @Override
    public List<String> deployments(Stored blueprint) {
        return statements.query(
                "SELECT id FROM inventory.deployments WHERE blueprint_id = ? AND (tenant_name = ? OR ?) ORDER BY storage_id"
                        + " LIMIT 1000",
                row -> row.getString(1),
                blueprint.id(),
                blueprint.tenant(),
                blueprint.visibility() == Visibility.GLOBAL);
    }

    @Override
    public List<String> importers(Stored blueprint) {
        return statements.query(
                """
                SELECT id FROM inventory.blueprints
                WHERE (tenant_name = ? OR ?) AND plan -> 'imported_blueprints' @> to_jsonb(?::text) ORDER BY storage_id""",
                row -> row.getString(1),
                blueprint.tenant(),
                blueprint.visibility() == Visibility.GLOBAL,
                blueprint.id());
    }

    @Override
    public void remove(Stored blueprint) {
        statements.update(
                "DELETE FROM inventory.blueprint_labels WHERE tenant_name = ? AND blueprint_id = ?",
                blueprint.tenant(),
                blueprint.id());
        statements.update(
                "DELETE FROM inventory.blueprints WHERE tenant_name = ? AND id = ?",
                blueprint.tenant(),
                blueprint.id());
    }

    @Override
    public void uploadedBy(Stored blueprint, String executionId) {
        statements.update(
                """
                UPDATE inventory.blueprints SET upload_execution_id = ?
                WHERE tenant_name = ? AND id = ? AND (state IS NULL OR state <> ALL (?))""",
                executionId,
                blueprint.tenant(),
                blueprint.id(),
                BlueprintState.unfinished().toArray(String[]::new));
    }

    @Override
    public List<Stored> takeAbandoned(Duration silence) {
        return statements.query(
                """
                UPDATE inventory.blueprints SET updated_at = now()
                WHERE upload_execution_id IS NOT NULL AND state = ANY (?)
                  AND updated_at < now() - make_interval(secs => ?)
                RETURNING\s""" + COLUMNS,
                PgBlueprintRecords::stored,
                BlueprintState.unfinished().toArray(String[]::new),
                (double) silence.toSeconds());
    }
}
