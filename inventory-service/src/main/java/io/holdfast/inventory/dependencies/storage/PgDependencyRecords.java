package io.holdfast.inventory.dependencies.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.dependencies.app.DependencyRecords;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.resources.storage.DependencyTarget;
import io.holdfast.inventory.resources.storage.JsonText;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@Singleton
class PgDependencyRecords implements DependencyRecords {

    private final Statements statements;
    private final ObjectMapper json;

    PgDependencyRecords(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper json) {
        this.statements = new Statements(dataSource);
        this.json = json;
    }

    @Override
    public void lock(String tenant) {
        statements.query(
                "SELECT pg_advisory_xact_lock(hashtextextended('dependencies ' || ?, 0))", row -> true, tenant);
    }

    @Override
    public boolean needs(String tenant, String source, String target) {
        return statements.exists(
                """
            WITH RECURSIVE reached (tenant, id) AS (
                SELECT coalesce(%s, first.tenant_name), first.target_deployment_id
                FROM (SELECT ?::text, ?::text) AS first (tenant_name, target_deployment_id)
                UNION
                SELECT coalesce(%s, d.tenant_name), d.target_deployment_id FROM inventory.inter_deployment_dependencies d
                JOIN reached r ON d.tenant_name = r.tenant AND d.source_deployment_id = r.id
                WHERE d.target_deployment_id IS NOT NULL
            )
            SELECT FROM reached WHERE tenant = ? AND id = ?""".formatted(DependencyTarget.tenant("first"), DependencyTarget.tenant("d")),
                tenant,
                source,
                tenant,
                target);
    }

    @Override
    public boolean has(String tenant, String id) {
        return statements.exists(
                "SELECT FROM inventory.inter_deployment_dependencies WHERE tenant_name = ? AND id = ?", tenant, id);
    }

    @Override
    public void add(String tenant, Dependency dependency, String visibility, String createdBy, Instant at) {
        statements.update(
                """
                INSERT INTO inventory.inter_deployment_dependencies (tenant_name, id, dependency_creator, source_deployment_id,
                    target_deployment_id, target_deployment_func, external_source, external_target, visibility, created_by,
                    created_at)
                VALUES (?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?, ?, ?)""",
                tenant,
                dependency.id(),
                dependency.creator(),
                dependency.source(),
                dependency.target(),
                JsonText.of(json, dependency.targetFunction()),
                JsonText.of(json, dependency.externalSource()),
                JsonText.of(json, dependency.externalTarget()),
                visibility,
                createdBy,
                at);
        if (dependency.isOfConsumer()) {
            statements.update(
                    "INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value, created_by, created_at)"
                            + " (SELECT t.tenant_name, t.id, ?, ?, ?, ? FROM inventory.deployments t"
                            + DependencyTarget.where("?", "?") + ") ON CONFLICT DO NOTHING",
                    Label.CONSUMER,
                    dependency.source(),
                    createdBy,
                    at,
                    dependency.target(),
                    tenant,
                    tenant);
        }
    }

    @Override
    public List<String> find(
            String tenant, String creator, @Nullable String source, @Nullable String target, boolean anyTarget) {
        return statements.query(
                "SELECT id FROM inventory.inter_deployment_dependencies WHERE tenant_name = ? AND dependency_creator ="
                        + " ? AND source_deployment_id IS NOT DISTINCT FROM ? AND (? OR target_deployment_id IS NOT"
                        + " DISTINCT FROM ?) ORDER BY storage_id",
                row -> row.getString(1),
                tenant,
                creator,
                source,
                anyTarget,
                target);
    }

    @Override
    public List<String> ofSource(String tenant, String source) {
        return statements.query(
                "SELECT id FROM inventory.inter_deployment_dependencies WHERE tenant_name = ? AND source_deployment_id"
                        + " = ?",
                row -> row.getString(1),
                tenant,
                source);
    }

    @Override
    public Map<String, @Nullable String> composition(String tenant, String deployment) {
        Map<String, @Nullable String> found = new LinkedHashMap<>();
        statements.query("""
                SELECT CASE n.type WHEN 'cloudify.nodes.Component' THEN 'component.' ELSE 'sharedresource.' END || i.id,
                       n.properties #>> '{resource_config,deployment,id}'
                FROM inventory.nodes n
                JOIN inventory.node_instances i
                    ON i.tenant_name = n.tenant_name AND i.deployment_id = n.deployment_id AND i.node_id = n.id
                WHERE n.tenant_name = ? AND n.deployment_id = ?
                    AND n.type IN ('cloudify.nodes.Component', 'cloudify.nodes.SharedResource')
                ORDER BY i.id""", row -> found.put(row.getString(1), row.getString(2)), tenant, deployment);
        return found;
    }

    @Override
    public void remove(String tenant, List<String> ids) {
        String[] all = ids.toArray(String[]::new);
        statements.update(
                """
            DELETE FROM inventory.deployment_labels l
            USING inventory.inter_deployment_dependencies gone, inventory.deployments t
            WHERE gone.tenant_name = ? AND gone.id = ANY (?) AND t.id = gone.target_deployment_id AND t.tenant_name = %s
              AND l.tenant_name = t.tenant_name AND l.deployment_id = t.id AND l.key = ? AND l.value = gone.source_deployment_id
              AND NOT EXISTS (SELECT FROM inventory.inter_deployment_dependencies other
                              WHERE other.tenant_name = gone.tenant_name AND other.id <> ALL (?)
                                AND NOT starts_with(other.dependency_creator, ?)
                                AND other.source_deployment_id = gone.source_deployment_id
                                AND other.target_deployment_id = gone.target_deployment_id)
              AND NOT (t.visibility = 'global'
                       AND EXISTS (SELECT FROM inventory.inter_deployment_dependencies other
                                   WHERE other.tenant_name <> gone.tenant_name
                                     AND NOT starts_with(other.dependency_creator, ?)
                                     AND other.source_deployment_id = gone.source_deployment_id
                                     AND other.target_deployment_id = gone.target_deployment_id))""".formatted(DependencyTarget.tenant("gone")), tenant, all, Label.CONSUMER, all, COMPONENT, COMPONENT);
        statements.update(
                "DELETE FROM inventory.inter_deployment_dependencies WHERE tenant_name = ? AND id = ANY (?)",
                tenant,
                all);
    }
}
