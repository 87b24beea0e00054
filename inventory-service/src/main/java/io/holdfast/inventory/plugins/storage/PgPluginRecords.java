package io.holdfast.inventory.plugins.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.plugins.PluginDescription;
import io.holdfast.inventory.plugins.app.PluginRecords;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.storage.JsonText;
import io.holdfast.inventory.resources.storage.OwnedTable;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

@Singleton
class PgPluginRecords implements PluginRecords {

    private static final String MODEL = "Plugin";

    private final Statements statements;
    private final OwnedTable table;
    private final ObjectMapper json;

    PgPluginRecords(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper json) {
        this.statements = new Statements(dataSource);
        this.table = new OwnedTable(statements, MODEL, "inventory.plugins", "id");
        this.json = json;
    }

    @Override
    public Owned visible(String id, CallerIdentity caller) {
        return table.find(id, caller).orElseThrow(() -> Refusals.notFound(MODEL, id));
    }

    @Override
    public Owned own(String id, CallerIdentity caller) {
        return table.own(id, caller);
    }

    /** Two uploads of one package, in any tenants, come one after the other: global ones exclude all others. */
    private void lock(String packageName) {
        statements.query(
                "SELECT pg_advisory_xact_lock(hashtextextended('package ' || ?, 0))", row -> true, packageName);
    }

    @Override
    public void add(New plugin) {
        PluginDescription description = plugin.description();
        lock(description.packageName());
        boolean taken = statements.exists(
                "SELECT FROM inventory.plugins WHERE package_name = ? AND archive_name = ? AND (tenant_name = ? OR"
                        + " visibility = 'global')",
                description.packageName(),
                description.archiveName(),
                plugin.tenant());
        if (taken) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "a plugin archive by the name of " + description.archiveName()
                            + " already exists for package with name " + description.packageName() + " and version "
                            + description.packageVersion(),
                    "delete that plugin first, or upload another version");
        }
        table.requireFree(plugin.tenant(), plugin.id(), plugin.visibility());
        if (plugin.visibility() == Visibility.GLOBAL) {
            requireNowhereElse(plugin.tenant(), plugin.id(), description.packageName(), description.archiveName());
        }
        statements.update(
                """
                INSERT INTO inventory.plugins (tenant_name, id, title, archive_name, package_name, package_version,
                    package_source, distribution, distribution_version, distribution_release, supported_platform,
                    supported_py_versions, wheels, excluded_wheels, blueprint_labels, labels, resource_tags, yaml_files,
                    archive_sha256, wagon_sha256, visibility, created_by, uploaded_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb,
                    ?::jsonb, ?, ?, ?, ?, ?)""",
                plugin.tenant(),
                plugin.id(),
                plugin.title(),
                description.archiveName(),
                description.packageName(),
                description.packageVersion(),
                description.packageSource(),
                description.distribution(),
                description.distributionVersion(),
                description.distributionRelease(),
                description.supportedPlatform(),
                description.supportedPyVersions(),
                description.wheels(),
                description.excludedWheels(),
                description.blueprintLabels(),
                description.labels(),
                description.resourceTags(),
                text(description.yamlFiles()),
                plugin.archiveSha256(),
                plugin.wagonSha256(),
                plugin.visibility().wireName(),
                plugin.createdBy(),
                plugin.uploadedAt());
    }

    private void requireNowhereElse(
            String tenant, String id, @Nullable String packageName, @Nullable String archiveName) {
        if (statements.exists(
                "SELECT FROM inventory.plugins WHERE package_name = ? AND archive_name = ? AND tenant_name <> ?",
                packageName,
                archiveName,
                tenant)) {
            throw Refusals.elsewhere(MODEL, id, tenant);
        }
    }

    @Override
    public void visibility(Owned plugin, Visibility visibility) {
        if (visibility == Visibility.GLOBAL) {
            for (Packed one : packages(plugin)) {
                if (one.name() != null) {
                    lock(one.name());
                }
                requireNowhereElse(plugin.tenant(), plugin.id(), one.name(), one.archive());
            }
        }
        table.visibility(plugin, visibility);
    }

    private record Packed(
            @Nullable String name,
            @Nullable String version,
            @Nullable String archive) {}

    private List<Packed> packages(Owned plugin) {
        return statements.query(
                "SELECT package_name, package_version, archive_name FROM inventory.plugins WHERE tenant_name = ? AND id = ?",
                row -> new Packed(row.getString(1), row.getString(2), row.getString(3)),
                plugin.tenant(),
                plugin.id());
    }

    @Override
    public void createdBy(Owned plugin, String username) {
        table.set(plugin, "created_by", "", username);
    }

    @Override
    public void set(Owned plugin, Map<String, String> fields) {
        fields.forEach((column, value) -> table.set(plugin, column, "::jsonb", value));
    }

    @Override
    public void state(Owned plugin, Place place, String state, @Nullable String error) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("manager", place.agent() ? null : place.name());
        one.put("agent", place.agent() ? place.name() : null);
        one.put("state", state);
        one.put("error", error);
        // One statement: reports of several places come at once.
        statements.update(
                """
                UPDATE inventory.plugins SET installation_state =
                    (SELECT coalesce(jsonb_agg(s.said ORDER BY s.place), '[]'::jsonb)
                     FROM jsonb_array_elements(installation_state) WITH ORDINALITY AS s(said, place)
                     WHERE s.said ->> ? IS DISTINCT FROM ?) || ?::jsonb
                WHERE tenant_name = ? AND id = ?""",
                place.agent() ? "agent" : "manager",
                place.name(),
                text(List.of(one)),
                plugin.tenant(),
                plugin.id());
    }

    @Override
    public boolean isInState(Owned plugin, Place place, String state) {
        return statements.exists(
                """
                SELECT FROM inventory.plugins p CROSS JOIN jsonb_array_elements(p.installation_state) AS s(said)
                WHERE p.tenant_name = ? AND p.id = ? AND s.said ->> ? = ? AND s.said ->> 'state' = ?""", plugin.tenant(), plugin.id(), place.agent() ? "agent" : "manager", place.name(), state);
    }

    @Override
    public List<String> managersInState(Owned plugin, Collection<String> states) {
        return statements.query("""
                SELECT s.said ->> 'manager' FROM inventory.plugins p
                CROSS JOIN jsonb_array_elements(p.installation_state) WITH ORDINALITY AS s(said, place)
                WHERE p.tenant_name = ? AND p.id = ? AND s.said ->> 'manager' IS NOT NULL AND ?::jsonb @> (s.said -> 'state')
                ORDER BY s.place""", row -> row.getString(1), plugin.tenant(), plugin.id(), text(List.copyOf(states)));
    }

    @Override
    public boolean hasAgent(String name, CallerIdentity caller) {
        return statements.exists(
                "SELECT FROM inventory.agents WHERE tenant_name = ? AND name = ?", caller.tenant(), name);
    }

    @Override
    public boolean hasHeardOfManager(String name) {
        return statements.exists(
                "SELECT FROM inventory.plugins WHERE installation_state @> ?::jsonb",
                text(List.of(Map.of("manager", name))));
    }

    @Override
    public List<String> blueprints(Owned plugin) {
        List<Packed> packages = packages(plugin);
        if (packages.isEmpty() || packages.get(0).name() == null) {
            return List.of();
        }
        Map<String, @Nullable Object> used = new LinkedHashMap<>();
        used.put("package_name", packages.get(0).name());
        used.put("package_version", packages.get(0).version());
        String list = text(List.of(used));
        return statements.query(
                """
                SELECT id FROM inventory.blueprints
                WHERE (tenant_name = ? OR ?)
                  AND (plan -> 'workflow_plugins_to_install' @> ?::jsonb OR plan -> 'deployment_plugins_to_install' @> ?::jsonb
                       OR plan -> 'host_agent_plugins_to_install' @> ?::jsonb OR plan -> 'nodes' @> ?::jsonb)
                ORDER BY storage_id LIMIT 1000""",
                row -> row.getString(1),
                plugin.tenant(),
                plugin.visibility() == Visibility.GLOBAL,
                list,
                list,
                list,
                text(List.of(Map.of("plugins", List.of(used)))));
    }

    @Override
    public List<String> remove(Owned plugin) {
        List<String> contents = statements
                .query(
                        "SELECT coalesce(archive_sha256, ''), coalesce(wagon_sha256, '') FROM inventory.plugins"
                                + " WHERE tenant_name = ? AND id = ?",
                        row -> List.of(row.getString(1), row.getString(2)),
                        plugin.tenant(),
                        plugin.id())
                .stream()
                .flatMap(List::stream)
                .filter(sha256 -> !sha256.isEmpty())
                .distinct()
                .sorted()
                .toList();
        table.remove(plugin);
        return contents;
    }

    private String text(Object value) {
        return Objects.requireNonNull(JsonText.of(json, value));
    }
}
