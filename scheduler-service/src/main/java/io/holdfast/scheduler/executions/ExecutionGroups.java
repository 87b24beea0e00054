package io.holdfast.scheduler.executions;

/** The groups that executions are in, as far as the start of an execution concerns them. */
public interface ExecutionGroups {

    /** Puts an execution into all groups that another one is in. Joins the transaction at hand. */
    void joinThoseOf(String tenantName, String memberId, String executionId);
}
