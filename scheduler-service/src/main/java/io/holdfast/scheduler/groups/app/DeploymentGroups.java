package io.holdfast.scheduler.groups.app;

import io.holdfast.http.CallerIdentity;
import java.util.List;

/** Deployment groups, as far as executions need them. */
public interface DeploymentGroups {

    record Facts(String visibility, List<String> deploymentIds) {}

    /** As the caller sees it. @throws io.holdfast.contracts.errors.ManagerException NOT_FOUND if there is none */
    Facts get(String id, CallerIdentity caller);

    /** Puts a deployment into a group of its tenant. @throws io.holdfast.contracts.errors.ManagerException NOT_FOUND */
    void extend(String tenantName, String id, String deploymentId);
}
