package io.holdfast.scheduler.executions;

/** Who does something when an execution has ended. It is told at least once, in a transaction of its own, some time after the end. */
public interface AfterExecution {

    void ended(String tenantName, String executionId);
}
