package io.holdfast.inventory.deployments.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.deployments.DeploymentStatus;
import io.holdfast.inventory.deployments.app.LatestExecutions;
import io.holdfast.inventory.deployments.app.LatestExecutions.Deployment;
import io.holdfast.inventory.deployments.app.LatestExecutions.Latest;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The statuses that stand with deployments, for questions that choose or sort by them. What is shown is found with each answer; that
 * what is stored agrees is seen to before such a question, since executions are another service's.
 */
@Singleton
class StoredStatuses {

    private static final Logger LOG = Logger.getLogger(StoredStatuses.class);

    private static final int PAGE = 1000;

    /** A change shows when its transaction has committed, with the time at which it was made. */
    private static final Duration OVERLAP = Duration.ofMinutes(1);

    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('deployment statuses', 0))";

    /** For SQL. */
    static final String WORST_FIRST = Stream.of(DeploymentStatus.values())
            .sorted(Comparator.reverseOrder())
            .map(DeploymentStatus::wireName)
            .collect(Collectors.joining("', '", "ARRAY['", "']"));

    private static final String STANDING = Stream.of("terminated", "failed", "cancelled", "queued", "scheduled")
            .collect(Collectors.joining("', '", "'", "'"));

    /**
     * SQL for what {@link DeploymentStatus} says of a deployment without those below it. What stands with one that has none below it is that,
     * and may come from another manager, which knew more.
     */
    static String own(String deployment) {
        return """
                CASE WHEN %1$s.latest_execution_status IS NULL OR %1$s.sub_services_count + %1$s.sub_environments_count = 0
                        THEN %1$s.deployment_status
                     WHEN %1$s.latest_execution_status NOT IN (%2$s) THEN '%3$s'
                     WHEN %1$s.latest_execution_status <> 'failed' AND %1$s.installation_status = '%4$s' THEN '%5$s'
                     ELSE '%6$s' END""".formatted(
                        deployment,
                        STANDING,
                        DeploymentStatus.IN_PROGRESS.wireName(),
                        DeploymentStatus.ACTIVE,
                        DeploymentStatus.GOOD.wireName(),
                        DeploymentStatus.REQUIRES_ATTENTION.wireName());
    }

    /** SQL for how good a status is, the worst first; null for null and for a word that is not known. */
    static String place(String status) {
        return "array_position(" + WORST_FIRST + ", " + status + ")";
    }

    /** SQL for the worst of what is at these places; null if all are null. */
    static String worst(String... places) {
        return "(" + WORST_FIRST + ")[least(" + String.join(", ", places) + ")]";
    }

    /** As the other, of a status and of what is at the places; a word that is not known stands where the others are null. */
    static String worstOr(String status, String... places) {
        return "coalesce("
                + worst(Stream.concat(Stream.of(place(status)), Stream.of(places))
                        .toArray(String[]::new)) + ", "
                + status + ")";
    }

    private final Statements statements;
    private final LatestExecutions executions;
    private @Nullable Instant seenUntil;
    private long seenEpoch;

    StoredStatuses(@DataSource("inventory") AgroalDataSource dataSource, LatestExecutions executions) {
        this.statements = new Statements(dataSource);
        this.executions = executions;
    }

    /** Brings them up to date. Where the other service does not answer, they stay as they are. */
    synchronized void refresh() {
        try {
            Instant since = seenUntil;
            LatestExecutions.Changes changes =
                    executions.changedSince(since == null ? Instant.EPOCH.plusSeconds(1) : since);
            if (since != null && changes.epoch() != seenEpoch) {
                // A restore has replaced them all.
                changes = executions.changedSince(Instant.EPOCH.plusSeconds(1));
            }
            List<Map.Entry<Deployment, Latest>> all =
                    new ArrayList<>(changes.latest().entrySet());
            for (int from = 0; from < all.size(); from += PAGE) {
                List<Map.Entry<Deployment, Latest>> page = all.subList(from, Math.min(all.size(), from + PAGE));
                alone(() -> store(page));
            }
            seenEpoch = changes.epoch();
            seenUntil = changes.now().minus(OVERLAP);
        } catch (ManagerException e) {
            LOG.warnf("Deployments are chosen by the statuses that are stored with them: %s", e.detail());
        }
    }

    /**
     * For whoever stores statuses, one after the other until the transaction ends: each sees what the one before has stored, and none waits
     * for rows of one that waits for its own.
     */
    void alone(Runnable storing) {
        QuarkusTransaction.joiningExisting().run(() -> {
            statements.query(LOCK, row -> true);
            storing.run();
        });
    }

    private void store(List<Map.Entry<Deployment, Latest>> page) {
        Set<Deployment> notStarted =
                notStarted(page.stream().map(Map.Entry::getKey).toList());
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Map.Entry<Deployment, Latest> one : page) {
            Deployment deployment = one.getKey();
            Latest latest = one.getValue();
            String installation = DeploymentStatus.installation(!notStarted.contains(deployment));
            DeploymentStatus own =
                    DeploymentStatus.of(DeploymentStatus.shown(latest.status()), installation, List.of());
            rows.add(new @Nullable Object[] {
                latest.id(),
                latest.workflowId(),
                latest.status(),
                latest.totalOperations(),
                latest.finishedOperations(),
                installation,
                own.wireName(),
                deployment.tenant(),
                deployment.id(),
                latest.id(),
                latest.status()
            });
        }
        // The worse of its own and of those below it.
        statements.batch(
                """
                UPDATE inventory.deployments SET
                    latest_execution_id = ?, latest_execution_workflow_id = ?, latest_execution_status = ?,
                    latest_execution_total_operations = ?, latest_execution_finished_operations = ?, installation_status = ?,
                    deployment_status = %s
                WHERE tenant_name = ? AND id = ?
                  AND (latest_execution_id IS DISTINCT FROM ? OR latest_execution_status IS DISTINCT FROM ?)""".formatted(worst(place("?"), place("sub_services_status"), place("sub_environments_status"))), rows);
    }

    /** Those that have a node instance which is not started. */
    Set<Deployment> notStarted(List<Deployment> deployments) {
        if (deployments.isEmpty()) {
            return Set.of();
        }
        return new HashSet<>(statements.query(
                """
                SELECT tenant, deployment FROM unnest(?::text[], ?::text[]) AS asked(tenant, deployment)
                WHERE EXISTS (SELECT FROM inventory.node_instances i WHERE i.tenant_name = tenant
                              AND i.deployment_id = deployment AND i.state IS DISTINCT FROM 'started')""",
                row -> new Deployment(row.getString(1), row.getString(2)),
                deployments.stream().map(Deployment::tenant).toArray(String[]::new),
                deployments.stream().map(Deployment::id).toArray(String[]::new)));
    }
}
