package io.holdfast.scheduler.executions.app;

import io.holdfast.scheduler.executions.Executions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Takes down how far a worker of the manager has come, which keeps no tasks graph. */
@ApplicationScoped
public class CountOperations {

    private final Executions executions;

    CountOperations(Executions executions) {
        this.executions = executions;
    }

    /** In the place of what was counted before. Nothing where the execution is not there any more. */
    @Transactional
    public void count(String tenantName, String id, int total, int finished) {
        executions.count(new Executions.Ref(tenantName, id), total, finished);
    }
}
