package io.holdfast.inventory.deployments.app;

import java.util.Collection;
import java.util.Map;

/** The newest execution of each deployment, which another service knows. */
public interface LatestExecutions {

    record Deployment(String tenant, String id) {}

    /** @param status the execution's own: {@code started}, {@code terminated}, … */
    record Latest(String id, String workflowId, String status, long totalOperations, long finishedOperations) {}

    /** Of those that have any, in one question. A service that does not answer knows none: lists show what is stored then. */
    Map<Deployment, Latest> of(Collection<Deployment> deployments);
}
