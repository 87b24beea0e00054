package io.holdfast.workflow.running;

import io.holdfast.contracts.events.SchedulerCommand.RecordWorkflowOutcome;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import java.time.Instant;

/** The honest outcome of every execution while this service cannot run workflows: it fails and says why, and never pretends. */
public final class Unavailable {

    /** What the execution shows as its error. Documented; clients may look for it. */
    public static final String ERROR = "workflow execution is not available in this version";

    private static final String FAILED = "failed";

    private Unavailable() {}

    /** Carries the command's token and epoch, by which the scheduler tells a stale answer. */
    public static RecordWorkflowOutcome outcomeOf(StartExecution command, Instant now) {
        return new RecordWorkflowOutcome(
                command.executionId(), command.tenantName(), FAILED, ERROR, command.token(), command.epoch(), now);
    }
}
