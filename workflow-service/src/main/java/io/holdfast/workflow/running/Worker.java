package io.holdfast.workflow.running;

import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import org.jspecify.annotations.Nullable;

/** Somebody who runs workflows. Every method works inside the caller's transaction. */
public interface Worker {

    /** Whether it is worth asking it for this execution: false for what it certainly cannot run. */
    boolean considers(StartExecution command);

    /** Takes the execution over: from now on the worker reports on it. Returns null, or why it cannot run here. */
    @Nullable
    String start(StartExecution command);

    /** Is told that an execution that was taken over is to stop. Returns whether it will report the end. */
    boolean stop(StopExecution command);
}
