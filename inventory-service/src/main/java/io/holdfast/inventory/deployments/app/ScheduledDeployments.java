package io.holdfast.inventory.deployments.app;

import java.util.Set;

/** Which deployments have schedules, which another service keeps. */
public interface ScheduledDeployments {

    /** In all tenants. @throws io.holdfast.contracts.errors.ManagerException service_unavailable_error */
    Set<LatestExecutions.Deployment> all();
}
