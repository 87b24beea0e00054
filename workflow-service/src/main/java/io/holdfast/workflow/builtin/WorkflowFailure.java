package io.holdfast.workflow.builtin;

/** Why a workflow cannot do what it was asked for. The message becomes the error of its execution. */
public final class WorkflowFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    public WorkflowFailure(String message) {
        super(message);
    }
}
