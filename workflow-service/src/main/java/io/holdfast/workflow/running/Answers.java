package io.holdfast.workflow.running;

import io.holdfast.contracts.events.SchedulerCommand.RecordWorkflowOutcome;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import java.time.Instant;

/**
 * What the scheduler is told. Each answer carries its command's token and epoch, by which the scheduler drops what is not of the
 * present dispatch.
 */
public final class Answers {

    /** What an execution shows as its error while nothing here can run it. Documented; clients may look for it. */
    public static final String UNAVAILABLE = "workflow execution is not available in this version";

    /** What an execution shows as its error when its start came from before a restore. Documented. */
    public static final String OUTDATED = "its start command is from before a restore";

    private static final String FAILED = "failed";
    private static final String CANCELLED = "cancelled";

    private Answers() {}

    /** The honest outcome of every execution while this service cannot run workflows: it fails and says why, and never pretends. */
    public static RecordWorkflowOutcome unavailable(StartExecution command, Instant now) {
        return failed(command, UNAVAILABLE, now);
    }

    /**
     * A refused start of an earlier epoch. The scheduler drops it where the execution went through the restore; where it was submitted
     * in the moment after it and still carries the former epoch, it fails visibly instead of being pending for ever.
     */
    public static RecordWorkflowOutcome outdated(StartExecution command, Instant now) {
        return failed(command, OUTDATED, now);
    }

    public static RecordWorkflowOutcome failed(StartExecution command, String error, Instant now) {
        return new RecordWorkflowOutcome(
                command.executionId(), command.tenantName(), FAILED, error, command.token(), command.epoch(), now);
    }

    /** Stopped before it began. */
    public static RecordWorkflowOutcome cancelled(StartExecution command, Instant now) {
        return new RecordWorkflowOutcome(
                command.executionId(), command.tenantName(), CANCELLED, null, command.token(), command.epoch(), now);
    }

    public static RecordWorkflowOutcome cancelled(StopExecution command, Instant now) {
        return new RecordWorkflowOutcome(
                command.executionId(), command.tenantName(), CANCELLED, null, command.token(), command.epoch(), now);
    }
}
