package io.holdfast.scheduler.operations.app;

/** Node instances, which another service owns. */
public interface NodeInstances {

    /** Sets the state, whatever the version. @throws io.holdfast.contracts.errors.ManagerException NOT_FOUND if there is none */
    void state(String tenantName, String id, String state);
}
