package io.holdfast.workflow.running.app;

import io.holdfast.contracts.events.ExecutionEvent;
import io.holdfast.workflow.running.AttachedWorker;
import io.holdfast.workflow.running.Fence;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Learns how executions went on that an attached worker reports to others than this service. */
@ApplicationScoped
public class FollowExecutions {

    private final Fence fence;
    private final AttachedWorker worker;

    FollowExecutions(Fence fence, AttachedWorker worker) {
        this.fence = fence;
        this.worker = worker;
    }

    @Transactional
    public void queued(ExecutionEvent.Queued fact) {
        happened(fact);
    }

    @Transactional
    public void started(ExecutionEvent.Started fact) {
        happened(fact);
    }

    @Transactional
    public void succeeded(ExecutionEvent.Succeeded fact) {
        fence.ended(fact.tenantName(), fact.executionId(), fact.endedAt());
        happened(fact);
    }

    @Transactional
    public void failed(ExecutionEvent.Failed fact) {
        fence.ended(fact.tenantName(), fact.executionId(), fact.endedAt());
        happened(fact);
    }

    @Transactional
    public void cancelled(ExecutionEvent.Cancelled fact) {
        fence.ended(fact.tenantName(), fact.executionId(), fact.endedAt());
        happened(fact);
    }

    private void happened(ExecutionEvent fact) {
        if (worker.isAttached()) {
            worker.happened(fact);
        }
    }
}
