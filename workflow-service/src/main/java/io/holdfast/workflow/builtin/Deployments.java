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

    /**
     * Ids of the deployments whose environment this one is, as their labels say. Without those that others than {@code user} keep private.
     */
    List<String> services(String tenantName, String deploymentId, @Nullable String user);

    Topology topology(String tenantName, String deploymentId);

    void setState(String tenantName, String instanceId, String state);

    /**
     * Begins to change how many instances there are.
     *
     * @param nodes as {@code POST deployment-modifications} takes it
     * @param by the execution that does it, as the modification tells
     */
    Modification modify(String tenantName, String deploymentId, Map<String, Object> nodes, By by);

    /** All of the deployment, whatever became of them. */
    List<Modification> modifications(String tenantName, String deploymentId);

    void finish(String tenantName, Modification modification);

    void rollBack(String tenantName, Modification modification);

    /** @param creator the user whom new instances are of; null: the manager */
    record By(
            String executionId, String workflowId, @Nullable String creator) {}

    /**
     * A change of how many instances there are.
     *
     * @param status {@code started}, {@code finished} or {@code rolledback}
     * @param executionId the execution that began it; empty where nobody knows
     * @param added ids of the instances that came, {@code removed} of those that are to go
     */
    record Modification(String id, String status, String executionId, Set<String> added, Set<String> removed) {
        public Modification {
            added = Set.copyOf(added);
            removed = Set.copyOf(removed);
        }

        public boolean isStarted() {
            return status.equals("started");
        }

        public boolean isFinished() {
            return status.equals("finished");
        }
    }
}
