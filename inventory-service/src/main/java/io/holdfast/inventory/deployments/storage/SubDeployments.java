package io.holdfast.inventory.deployments.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.deployments.DeploymentStatus;
import io.holdfast.inventory.deployments.app.LatestExecutions;
import io.holdfast.inventory.deployments.app.LatestExecutions.Deployment;
import io.holdfast.inventory.deployments.app.LatestExecutions.Latest;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is below a deployment: those whose label {@code csys-obj-parent} names it, and what is below these. */
@Singleton
class SubDeployments {

    /** {@code %1$s} says below whom, {@code %2$s} whether to go on below these, {@code %3$s} what is an environment. */
    private static final String BELOW = """
            WITH RECURSIVE below (tenant, root, id) AS (
                SELECT l.tenant_name, l.value, l.deployment_id FROM inventory.deployment_labels l %1$s
                 UNION
                SELECT b.tenant, b.root, l.deployment_id FROM below b JOIN inventory.deployment_labels l
                    ON l.tenant_name = b.tenant AND l.key = 'csys-obj-parent' AND l.value = b.id
                 WHERE %2$s),
            subs AS (
                SELECT b.tenant, b.root, b.id, d.latest_execution_id, d.latest_execution_status, d.deployment_status AS status,
                       %3$s AS environment
                  FROM below b JOIN inventory.deployments d ON d.tenant_name = b.tenant AND d.id = b.id
                 WHERE b.id <> b.root)""";

    private static final String OF_SOME = BELOW.formatted(
                    "JOIN unnest(?::text[], ?::text[]) AS asked (tenant, id)"
                            + " ON l.tenant_name = asked.tenant AND l.key = 'csys-obj-parent' AND l.value = asked.id",
                    "?",
                    isEnvironment("b.tenant", "b.id"))
            + " SELECT * FROM subs";

    private static final String WORST = "(%1$s)[min(array_position(%1$s, s.status)) FILTER (WHERE %2$s)]"
            .formatted(StoredStatuses.WORST_FIRST, "%s");

    private static final String STORE =
            BELOW.formatted("WHERE l.key = 'csys-obj-parent'", "true", isEnvironment("b.tenant", "b.id"))
                    + """
            ,
            counted AS (
                SELECT d.storage_id, count(*) FILTER (WHERE NOT s.environment) AS services,
                       count(*) FILTER (WHERE s.environment) AS environments, %s AS services_status, %s AS environments_status
                  FROM inventory.deployments d LEFT JOIN subs s ON s.tenant = d.tenant_name AND s.root = d.id
                 WHERE s.root IS NOT NULL OR d.sub_services_count > 0 OR d.sub_environments_count > 0
                 GROUP BY d.storage_id)
            UPDATE inventory.deployments d
               SET sub_services_count = c.services, sub_environments_count = c.environments,
                   sub_services_status = c.services_status, sub_environments_status = c.environments_status
              FROM counted c
             WHERE d.storage_id = c.storage_id
               AND (d.sub_services_count, d.sub_environments_count, d.sub_services_status, d.sub_environments_status)
                   IS DISTINCT FROM (c.services::integer, c.environments::integer, c.services_status, c.environments_status)""".formatted(WORST.formatted("NOT s.environment"), WORST.formatted("s.environment"));

    private final Statements statements;
    private final LatestExecutions executions;
    private final StoredStatuses stored;

    SubDeployments(
            @DataSource("inventory") AgroalDataSource dataSource, LatestExecutions executions, StoredStatuses stored) {
        this.statements = new Statements(dataSource);
        this.executions = executions;
        this.stored = stored;
    }

    /** @param servicesStatus the worst of the services' statuses, null where there are none; so for the environments */
    record Below(
            long services,
            long environments,
            @Nullable String servicesStatus,
            @Nullable String environmentsStatus) {

        static final Below NOTHING = new Below(0, 0, null, null);
    }

    private record Sub(
            Deployment root,
            Deployment self,
            @Nullable String knownExecution,
            @Nullable String knownStatus,
            @Nullable String status,
            boolean environment) {}

    /** The condition that a deployment is an environment: all others are services. */
    static String isEnvironment(String tenant, String id) {
        return "EXISTS (SELECT FROM inventory.deployment_labels t WHERE t.tenant_name = " + tenant
                + " AND t.deployment_id = " + id + " AND t.key = 'csys-obj-type' AND t.value = 'environment')";
    }

    /** Brings what stands with deployments up to date, for questions that choose or sort by it. */
    void store() {
        statements.update(STORE);
    }

    /**
     * Of those that have any.
     *
     * @param all also what is below those below
     */
    Map<Deployment, Below> of(Collection<Deployment> deployments, boolean all) {
        if (deployments.isEmpty()) {
            return Map.of();
        }
        List<Sub> subs = statements.query(
                OF_SOME,
                row -> new Sub(
                        new Deployment(row.getString("tenant"), row.getString("root")),
                        new Deployment(row.getString("tenant"), row.getString("id")),
                        row.getString("latest_execution_id"),
                        row.getString("latest_execution_status"),
                        row.getString("status"),
                        row.getBoolean("environment")),
                deployments.stream().map(Deployment::tenant).toArray(String[]::new),
                deployments.stream().map(Deployment::id).toArray(String[]::new),
                all);
        Map<Deployment, List<Sub>> services = new LinkedHashMap<>();
        Map<Deployment, List<Sub>> environments = new LinkedHashMap<>();
        for (Sub sub : subs) {
            (sub.environment() ? environments : services)
                    .computeIfAbsent(sub.root(), root -> new ArrayList<>())
                    .add(sub);
        }
        Map<Deployment, String> statuses = statuses(subs);
        Set<Deployment> roots = new HashSet<>(services.keySet());
        roots.addAll(environments.keySet());
        Map<Deployment, Below> below = new LinkedHashMap<>();
        for (Deployment root : roots) {
            List<Sub> ofServices = services.getOrDefault(root, List.of());
            List<Sub> ofEnvironments = environments.getOrDefault(root, List.of());
            below.put(
                    root,
                    new Below(
                            ofServices.size(),
                            ofEnvironments.size(),
                            worst(ofServices, statuses),
                            worst(ofEnvironments, statuses)));
        }
        return below;
    }

    /** As each of them shows it itself; what is stored stands where its execution is still the newest. */
    private Map<Deployment, String> statuses(List<Sub> subs) {
        Set<Deployment> all = new HashSet<>(subs.stream().map(Sub::self).toList());
        Map<Deployment, Latest> latest = all.isEmpty() ? Map.of() : executions.of(all);
        Map<Deployment, Latest> news = new LinkedHashMap<>();
        Map<Deployment, String> statuses = new LinkedHashMap<>();
        for (Sub sub : subs) {
            Latest newest = latest.get(sub.self());
            if (newest != null
                    && !(newest.id().equals(sub.knownExecution())
                            && newest.status().equals(sub.knownStatus()))) {
                news.put(sub.self(), newest);
            } else if (sub.status() != null) {
                statuses.put(sub.self(), sub.status());
            }
        }
        Set<Deployment> notStarted = stored.notStarted(List.copyOf(news.keySet()));
        news.forEach((deployment, newest) -> statuses.put(
                deployment,
                DeploymentStatus.of(
                                DeploymentStatus.shown(newest.status()),
                                DeploymentStatus.installation(!notStarted.contains(deployment)),
                                List.of())
                        .wireName()));
        return statuses;
    }

    private static @Nullable String worst(List<Sub> subs, Map<Deployment, String> statuses) {
        List<@Nullable String> theirs = new ArrayList<>();
        subs.forEach(sub -> theirs.add(statuses.get(sub.self())));
        return DeploymentStatus.worst(theirs).map(DeploymentStatus::wireName).orElse(null);
    }
}
