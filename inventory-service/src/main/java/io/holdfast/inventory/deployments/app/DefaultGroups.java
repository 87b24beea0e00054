package io.holdfast.inventory.deployments.app;

import io.holdfast.http.CallerIdentity;

/** Deployment groups that new deployments join because their blueprint says so. */
public interface DefaultGroups {

    /**
     * Puts the deployment into the group, which is made if it is not there.
     *
     * @throws io.holdfast.contracts.errors.ManagerException where the group cannot be made, or is another tenant's
     */
    void join(String groupId, String deploymentId, CallerIdentity caller);
}
