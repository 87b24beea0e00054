package io.holdfast.cluster.maintenance;

import java.util.List;

/** Looks for executions that have not ended, in all tenants. */
public interface UnfinishedExecutions {

    /** @throws io.holdfast.contracts.errors.ManagerException SERVICE_UNAVAILABLE where they cannot be known at present */
    List<UnfinishedExecution> list();
}
