package io.holdfast.inventory.deployments.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;

/** What only the workflow that updates a deployment may do. */
public interface UpdateWorkflows {

    /** Whether the caller is the worker of an execution that updates a deployment. */
    boolean isUpdating(CallerIdentity caller);

    /** @throws ManagerException {@code only_deployment_update} for all other callers */
    default void require(CallerIdentity caller) {
        if (!isUpdating(caller)) {
            throw refusal(
                    "Nodes, node instances and their relationships are changed and removed by the update workflow of"
                            + " their deployment only");
        }
    }

    /** @param detail what it is that only such a workflow may do */
    static ManagerException refusal(String detail) {
        return new ManagerException(
                ErrorCode.ONLY_DEPLOYMENT_UPDATE, detail, "call with the token of such an execution");
    }
}
