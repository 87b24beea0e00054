package io.holdfast.workflow.running;

import io.holdfast.contracts.events.ExecutionEvent;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import org.jspecify.annotations.Nullable;

/** Somebody else who runs workflows. Every method works inside the caller's transaction. */
public interface AttachedWorker {

    /** Whether there is one. Does not change while the process runs. */
    boolean isAttached();

    /** Hands the execution over. Returns null, or why no worker can run it. */
    @Nullable
    String start(StartExecution command);

    /** Hands on that it is to stop. */
    void stop(StopExecution command);

    /** Tells whoever listens what happened to an execution, and drops what a worker need not hear any more. */
    void happened(ExecutionEvent fact);
}
