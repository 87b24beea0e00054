package io.holdfast.workflow.bridge;

import java.util.Optional;

/** Executions, as the scheduler has them. */
public interface KnownExecutions {

    Optional<KnownExecution> find(String tenantName, String executionId);
}
