package io.holdfast.inventory.dependencies.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.dependencies.app.DependencyRecords;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.labels.storage.ConsumerLabels;
import io.holdfast.inventory.resources.storage.DependencyTarget;
import io.holdfast.inventory.resources.storage.JsonText;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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
    public List<Use> uses(String tenant, String deployment) {
        Set<Place> own = reached(Set.of(new Place(tenant, deployment)), this::components);
        Set<Use> uses = new LinkedHashSet<>();
        reached(own, places -> {
            List<Place> sources = new ArrayList<>();
            for (Use use : usesOf(places)) {
                String source = use.source();
                if (source == null || !own.contains(new Place(use.tenant(), source))) {
                    uses.add(use);
                }
                if (source != null) {
                    sources.add(new Place(use.tenant(), source));
                }
            }
            return sources;
        });
        return List.copyOf(uses);
    }

    /** A deployment. */
    private record Place(String tenant, String id) {}

    /** These and all that one step after the other leads to, each once and in the order in which they are met. */
    private static Set<Place> reached(Set<Place> first, Function<Collection<Place>, List<Place>> step) {
        Set<Place> reached = new LinkedHashSet<>(first);
        Collection<Place> met = List.copyOf(first);
        while (!met.isEmpty()) {
            met = step.apply(met).stream().filter(reached::add).toList();
        }
        return reached;
    }

    private List<Place> components(Collection<Place> of) {
        return statements
                .query(
                        "SELECT " + DependencyTarget.tenant("d") + ", d.target_deployment_id"
                                + " FROM unnest(?::text[], ?::text[]) AS r(tenant, id)"
                                + " JOIN inventory.inter_deployment_dependencies d"
                                + " ON d.tenant_name = r.tenant AND d.source_deployment_id = r.id"
                                + " WHERE starts_with(d.dependency_creator, ?) AND d.target_deployment_id IS NOT NULL"
                                + " ORDER BY d.storage_id",
                        row -> {
                            String id = row.getString(2);
                            return Optional.ofNullable(row.getString(1)).map(tenant -> new Place(tenant, id));
                        },
                        tenants(of),
                        ids(of),
                        COMPONENT)
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** A deployment of another tenant can mean a global one only. */
    private List<Use> usesOf(Collection<Place> targets) {
        return statements.query(
                """
                WITH r AS (SELECT r.tenant, r.id, t.visibility = 'global' AS everywhere
                           FROM unnest(?::text[], ?::text[]) AS r(tenant, id)
                           LEFT JOIN inventory.deployments t ON t.tenant_name = r.tenant AND t.id = r.id)
                SELECT d.tenant_name, d.source_deployment_id, coalesce(d.dependency_creator, ''), d.external_source, d.storage_id
                FROM r JOIN inventory.inter_deployment_dependencies d
                    ON d.tenant_name = r.tenant AND d.target_deployment_id = r.id
                UNION ALL
                SELECT d.tenant_name, d.source_deployment_id, coalesce(d.dependency_creator, ''), d.external_source, d.storage_id
                FROM r JOIN inventory.inter_deployment_dependencies d
                    ON r.everywhere AND d.tenant_name <> r.tenant AND d.target_deployment_id = r.id
                WHERE %s = r.tenant
                ORDER BY storage_id""".formatted(DependencyTarget.tenant("d")),
                row -> new Use(
                        row.getString(1), row.getString(2), row.getString(3), JsonText.object(json, row.getString(4))),
                tenants(targets),
                ids(targets));
    }

    private static String[] tenants(Collection<Place> places) {
        return places.stream().map(Place::tenant).toArray(String[]::new);
    }

    private static String[] ids(Collection<Place> places) {
        return places.stream().map(Place::id).toArray(String[]::new);
    }

    @Override
    public void remove(String tenant, List<String> ids) {
        ConsumerLabels.remove(statements, tenant, ids, null);
        statements.update(
                "DELETE FROM inventory.inter_deployment_dependencies WHERE tenant_name = ? AND id = ANY (?)",
                tenant,
                ids.toArray(String[]::new));
    }
}
