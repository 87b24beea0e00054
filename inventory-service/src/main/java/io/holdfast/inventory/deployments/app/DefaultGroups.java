package io.holdfast.inventory.deployments.app;

import io.holdfast.http.CallerIdentity;
import java.util.List;

/** Deployment groups that new deployments join because their blueprint says so. */
public interface DefaultGroups {

    /**
     * Puts the deployment into the groups, which are made if they are not there: into all of them or none.
     *
     * @throws io.holdfast.contracts.errors.ManagerException where one of them cannot be made, or is another tenant's
     */
    void join(List<String> groupIds, String deploymentId, CallerIdentity caller);
}
