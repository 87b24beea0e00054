package io.holdfast.workflow.running;

import io.holdfast.contracts.events.ExecutionEvent;

/** Somebody else who runs workflows, all of them. Every method works inside the caller's transaction. */
public interface AttachedWorker extends Worker {

    /** Whether there is one. Does not change while the process runs. */
    boolean isAttached();

    /** Tells whoever listens what happened to an execution, and drops what a worker need not hear any more. */
    void happened(ExecutionEvent fact);
}
