package io.holdfast.inventory.labels.storage;

import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.resources.storage.DependencyTarget;
import io.holdfast.inventory.resources.storage.Statements;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The labels by which deployments name those that need them, as far as these need them no more. */
public final class ConsumerLabels {

    /** How the creators of dependencies begin that make no label. */
    private static final String COMPONENT = "component.";

    /** A global target may be needed by a deployment of the same id in another tenant, too. */
    private static final String REMOVE = """
            DELETE FROM inventory.deployment_labels l
            USING (SELECT %s AS tenant_name, gone.target_deployment_id AS target, gone.source_deployment_id AS consumer
                   FROM inventory.inter_deployment_dependencies gone
                   WHERE gone.tenant_name = ? AND gone.id = ANY (?)
                   UNION
                   SELECT stale.tenant_name, stale.deployment_id, stale.value FROM inventory.deployment_labels stale
                   WHERE stale.tenant_name = ? AND stale.key = ? AND stale.value = ?::text) u, inventory.deployments t
            WHERE l.tenant_name = u.tenant_name AND l.deployment_id = u.target AND l.key = ? AND l.value = u.consumer
              AND t.tenant_name = u.tenant_name AND t.id = u.target
              AND NOT EXISTS (
                  SELECT FROM inventory.inter_deployment_dependencies other
                  WHERE other.tenant_name = ? AND other.id <> ALL (?) AND NOT starts_with(other.dependency_creator, ?)
                    AND other.source_deployment_id = u.consumer AND other.target_deployment_id = u.target)
              AND NOT (t.visibility = 'global' AND EXISTS (
                  SELECT FROM inventory.inter_deployment_dependencies other
                  WHERE other.tenant_name <> ? AND NOT starts_with(other.dependency_creator, ?)
                    AND other.source_deployment_id = u.consumer AND other.target_deployment_id = u.target))""".formatted(DependencyTarget.tenant("gone"));

    private ConsumerLabels() {}

    /**
     * Removes those of dependencies that are about to go.
     *
     * @param tenant of the dependencies
     * @param ids of all of them
     * @param consumer a deployment of the tenant that goes itself: those that name it in its tenant go whatever made them. Null: none goes
     */
    public static void remove(Statements statements, String tenant, List<String> ids, @Nullable String consumer) {
        String[] all = ids.toArray(String[]::new);
        statements.update(
                REMOVE,
                tenant,
                all,
                tenant,
                Label.CONSUMER,
                consumer,
                Label.CONSUMER,
                tenant,
                all,
                COMPONENT,
                tenant,
                COMPONENT);
    }
}
