package io.holdfast.scheduler.executions;

import java.util.Optional;

/** The deployments of the manager, as far as executions need them. */
public interface Deployments {

    /**
     * As the present caller sees it.
     *
     * @throws io.holdfast.contracts.errors.ManagerException NOT_FOUND if there is none that the caller may see
     */
    DeploymentFacts get(String deploymentId);

    /** What depends on it, as the present caller sees it: numbered lines as refusals show them; empty where nothing does. */
    String dependents(String deploymentId);

    /** What the manager has, as the present caller sees it; things of deployments are those of this one. */
    NamedThings things(String deploymentId);

    /** As this service sees it; empty if there is none. */
    Optional<DeploymentFacts> find(String tenantName, String deploymentId);
}
