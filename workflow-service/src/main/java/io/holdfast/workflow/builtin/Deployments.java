package io.holdfast.workflow.builtin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Deployments of the manager, as far as workflows read and change them. Every method asks another service. */
public interface Deployments {

    /** The function that a deployment's workflow is mapped to; empty where there is no such deployment or workflow. */
    Optional<String> function(String tenantName, String deploymentId, String workflowId);

    Topology topology(String tenantName, String deploymentId);

    void setState(String tenantName, String instanceId, String state);

    /**
     * Begins to change how many instances there are.
     *
     * @param nodes as {@code POST deployment-modifications} takes it
     * @param creator the user whom new instances are of; null: the manager
     */
    Modification modify(String tenantName, String deploymentId, Map<String, Object> nodes, @Nullable String creator);

    /** Those of the deployment that were begun and neither finished nor rolled back. */
    List<Modification> startedModifications(String tenantName, String deploymentId);

    void finish(String tenantName, Modification modification);

    void rollBack(String tenantName, Modification modification);

    /** @param added ids of the instances that came, {@code removed} of those that are to go */
    record Modification(String id, Set<String> added, Set<String> removed) {
        public Modification {
            added = Set.copyOf(added);
            removed = Set.copyOf(removed);
        }
    }
}
