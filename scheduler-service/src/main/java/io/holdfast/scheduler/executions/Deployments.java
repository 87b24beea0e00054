package io.holdfast.scheduler.executions;

/** The deployments of the manager, as far as executions need them. */
public interface Deployments {

    /**
     * As the present caller sees it.
     *
     * @throws io.holdfast.contracts.errors.ManagerException NOT_FOUND if there is none that the caller may see
     */
    DeploymentFacts get(String deploymentId);
}
