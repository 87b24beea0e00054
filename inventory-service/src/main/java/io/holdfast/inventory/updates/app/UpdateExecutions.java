package io.holdfast.inventory.updates.app;

import io.holdfast.http.CallerIdentity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The executions that update deployments and plugins, which another service keeps. */
public interface UpdateExecutions {

    /**
     * Starts the workflow {@code update} of a deployment, on behalf of the caller.
     *
     * @param force although others depend on the deployment
     * @return the execution's id
     * @throws io.holdfast.contracts.errors.ManagerException as starting any execution does
     */
    String start(String deploymentId, Map<String, @Nullable Object> parameters, boolean force, CallerIdentity caller);

    /**
     * The execution of the workflow {@code update_plugin}, which belongs to no deployment.
     *
     * @param over there is nothing to do: it has ended as it begins
     * @return its id
     */
    String updatePlugins(String tenant, Map<String, @Nullable Object> parameters, boolean over, String createdBy);

    /** @throws io.holdfast.contracts.errors.ManagerException not_found_error */
    String status(String tenant, String executionId);

    /** Whether the tenant has this execution. */
    boolean exists(String tenant, String executionId);
}
