package io.holdfast.workflow.bridge;

import java.util.Optional;

/** Deployments, as the inventory has them. */
public interface Inventory {

    /** A workflow of a deployment with a function to call; empty if there is no such deployment, workflow or function. */
    Optional<Workflow> find(String tenantName, String deploymentId, String workflowId);
}
