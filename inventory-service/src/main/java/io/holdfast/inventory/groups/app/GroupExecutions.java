package io.holdfast.inventory.groups.app;

import java.util.List;

/** Executions of the deployments of a group, which another service keeps. */
public interface GroupExecutions {

    /**
     * Shows executions that there are as one execution group of this deployment group, with its visibility. That it cannot be shown is
     * logged: what the executions tell of is done.
     *
     * @param executionIds at least one
     */
    void together(GroupRecords.Group group, String workflow, List<String> executionIds, String createdBy);

    /**
     * Removes the execution groups of a deployment group that goes; the executions stay.
     *
     * @throws io.holdfast.contracts.errors.ManagerException service_unavailable_error
     */
    void forget(GroupRecords.Group group);
}
