package io.holdfast.inventory.deployments.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.deployments.DeploymentStatus;
import io.holdfast.inventory.deployments.app.LatestExecutions;
import io.holdfast.inventory.deployments.app.LatestExecutions.Deployment;
import io.holdfast.inventory.deployments.app.LatestExecutions.Latest;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is below a deployment: those whose label {@code csys-obj-parent} names it, and what is below these. */
@Singleton
class SubDeployments {

    /** What each of those asked for, and of those below it, has directly below it. Binds: tenants, ids. */
    private static final String EDGES = """
            WITH RECURSIVE tree (tenant, id) AS (
                SELECT * FROM unnest(?::text[], ?::text[])
                 UNION
                SELECT l.tenant_name, l.deployment_id FROM tree t JOIN inventory.deployment_labels l
                    ON l.tenant_name = t.tenant AND l.key = 'csys-obj-parent' AND l.value = t.id)
            SELECT t.tenant, t.id AS parent, d.id, d.latest_execution_id, d.latest_execution_status, %s AS status, %s AS environment
              FROM tree t JOIN inventory.deployment_labels l
                   ON l.tenant_name = t.tenant AND l.key = 'csys-obj-parent' AND l.value = t.id
              JOIN inventory.deployments d ON d.tenant_name = l.tenant_name AND d.id = l.deployment_id
             WHERE d.id <> t.id""".formatted(StoredStatuses.own("d"), isEnvironment("d.tenant_name", "d.id"));

    private static final String WORST =
            StoredStatuses.worst("min(" + StoredStatuses.place("s.status") + ") FILTER (WHERE %s)");

    private static final String CHANGED = "SELECT FROM inventory.status_changes LIMIT 1";

    /**
     * The status of each that is below another is the worst of its own and of those below it; so is that of each above others, and of each
     * that was until now. Added up anew are those noted in {@code status_changes} and what is above them; with all others stands what it
     * was. The fences ({@code OFFSET 0}) and the array make it look for each deployment by itself: few have changed, and the planner would
     * read all.
     */
    private static final String STORE = """
            WITH RECURSIVE noted AS (
                DELETE FROM inventory.status_changes RETURNING tenant_name, deployment_id),
            above (tenant, id) AS (
                SELECT tenant_name, deployment_id FROM noted
                 UNION
                SELECT a.tenant, l.value FROM above a CROSS JOIN LATERAL (
                       SELECT l.value FROM inventory.deployment_labels l
                        WHERE l.tenant_name = a.tenant AND l.deployment_id = a.id AND l.key = 'csys-obj-parent' OFFSET 0) l),
            below (tenant, root, id) AS (
                SELECT tenant, id, id FROM above
                 UNION
                SELECT b.tenant, b.root, l.deployment_id FROM below b CROSS JOIN LATERAL (
                       SELECT l.deployment_id FROM inventory.deployment_labels l
                        WHERE l.tenant_name = b.tenant AND l.key = 'csys-obj-parent' AND l.value = b.id OFFSET 0) l),
            pairs AS (
                SELECT b.tenant, b.root, d.id, d.own, d.deployment_status AS stored
                  FROM below b CROSS JOIN LATERAL (
                       SELECT d.id, d.deployment_status, %1$s AS own FROM inventory.deployments d
                        WHERE d.tenant_name = b.tenant AND d.id = b.id OFFSET 0) d
                 WHERE b.id <> b.root),
            whole AS (
                SELECT p.tenant, p.id, CASE WHEN a.id IS NULL THEN p.stored ELSE %2$s END AS status
                  FROM (SELECT DISTINCT tenant, id, own, stored FROM pairs) p
                  LEFT JOIN above a ON a.tenant = p.tenant AND a.id = p.id
                  LEFT JOIN pairs q ON q.tenant = a.tenant AND q.root = a.id
                 GROUP BY p.tenant, p.id, p.own, p.stored, a.id),
            subs AS (
                SELECT p.tenant, p.root, w.status, %3$s AS environment FROM pairs p JOIN whole w USING (tenant, id)),
            counted AS (
                SELECT r.tenant, r.id, count(s.root) FILTER (WHERE NOT s.environment) AS services,
                       count(s.root) FILTER (WHERE s.environment) AS environments, %4$s AS services_status, %5$s AS environments_status
                  FROM above r LEFT JOIN subs s ON s.tenant = r.tenant AND s.root = r.id
                 GROUP BY r.tenant, r.id),
            told AS (
                SELECT d.*, c.services, c.environments, c.services_status, c.environments_status, %6$s AS status
                  FROM counted c CROSS JOIN LATERAL (
                       SELECT * FROM inventory.deployments d WHERE d.tenant_name = c.tenant AND d.id = c.id OFFSET 0) d),
            changed AS (
                SELECT * FROM told
                 WHERE (sub_services_count, sub_environments_count, sub_services_status, sub_environments_status, deployment_status)
                       IS DISTINCT FROM (services::integer, environments::integer, services_status, environments_status, status))
            UPDATE inventory.deployments d
               SET sub_services_count = c.services, sub_environments_count = c.environments,
                   sub_services_status = c.services_status, sub_environments_status = c.environments_status,
                   deployment_status = c.status
              FROM changed c
             WHERE d.storage_id = c.storage_id AND d.storage_id = ANY (ARRAY(SELECT storage_id FROM changed))""".formatted(
                    StoredStatuses.own("d"),
                    StoredStatuses.worstOr("p.own", "min(" + StoredStatuses.place("q.own") + ")"),
                    isEnvironment("p.tenant", "p.id"),
                    WORST.formatted("NOT s.environment"),
                    WORST.formatted("s.environment"),
                    StoredStatuses.worstOr(
                            StoredStatuses.own("d"),
                            StoredStatuses.place("c.services_status"),
                            StoredStatuses.place("c.environments_status")));

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

    /** @param status its own, without those below it */
    private record Sub(
            Deployment parent,
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
        if (statements.exists(CHANGED)) {
            stored.alone(() -> statements.update(STORE));
        }
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
                EDGES,
                row -> new Sub(
                        new Deployment(row.getString("tenant"), row.getString("parent")),
                        new Deployment(row.getString("tenant"), row.getString("id")),
                        row.getString("latest_execution_id"),
                        row.getString("latest_execution_status"),
                        row.getString("status"),
                        row.getBoolean("environment")),
                deployments.stream().map(Deployment::tenant).toArray(String[]::new),
                deployments.stream().map(Deployment::id).toArray(String[]::new));
        Map<Deployment, List<Sub>> children = subs.stream().collect(Collectors.groupingBy(Sub::parent));
        Map<Deployment, String> whole = whole(children, statuses(subs));
        Map<Deployment, Below> below = new LinkedHashMap<>();
        for (Deployment root : deployments) {
            Collection<Sub> theirs = all ? allBelow(root, children) : children.getOrDefault(root, List.of());
            if (!theirs.isEmpty()) {
                below.put(root, summed(theirs, whole));
            }
        }
        return below;
    }

    private static Below summed(Collection<Sub> subs, Map<Deployment, String> whole) {
        long environments = subs.stream().filter(Sub::environment).count();
        return new Below(
                subs.size() - environments,
                environments,
                worst(subs.stream().filter(sub -> !sub.environment()), whole),
                worst(subs.stream().filter(Sub::environment), whole));
    }

    /** Of each the worst of its own and of those below it. */
    private static Map<Deployment, String> whole(Map<Deployment, List<Sub>> children, Map<Deployment, String> own) {
        Map<Deployment, String> whole = new HashMap<>(own);
        children.keySet()
                .forEach(parent -> DeploymentStatus.worst(Stream.concat(
                                        Stream.of(parent),
                                        allBelow(parent, children).stream().map(Sub::self))
                                .map(own::get)
                                .toList())
                        .ifPresent(worst -> whole.put(parent, worst.wireName())));
        return whole;
    }

    /** Each once, and never the root, even if somebody has made a circle of them. */
    private static Collection<Sub> allBelow(Deployment root, Map<Deployment, List<Sub>> children) {
        Map<Deployment, Sub> found = new LinkedHashMap<>();
        Deque<Deployment> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            for (Sub sub : children.getOrDefault(open.pop(), List.of())) {
                if (!sub.self().equals(root) && found.putIfAbsent(sub.self(), sub) == null) {
                    open.push(sub.self());
                }
            }
        }
        return found.values();
    }

    /** Of each without those below it; what is stored stands where its execution is still the newest. */
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

    private static @Nullable String worst(Stream<Sub> subs, Map<Deployment, String> whole) {
        return DeploymentStatus.worst(subs.map(sub -> whole.get(sub.self())).toList())
                .map(DeploymentStatus::wireName)
                .orElse(null);
    }
}
