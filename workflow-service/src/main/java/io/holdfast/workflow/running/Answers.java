package io.holdfast.workflow.running;

import io.holdfast.contracts.events.SchedulerCommand.RecordWorkflowOutcome;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the scheduler is told. Each answer carries its command's token and epoch, by which the scheduler drops what is not of the
 * present dispatch.
 */
public final class Answers {

    /** What an execution shows as its error when nobody here can run its workflow. Documented; clients may look for it. */
    public static final String NO_WORKER = "this workflow needs a worker, and none is attached";

    /** What an execution shows as its error when its start came from before a restore. Documented. */
    public static final String OUTDATED = "its start command is from before a restore";

    private static final String STARTED = "started";
    private static final String TERMINATED = "terminated";
    private static final String FAILED = "failed";
    private static final String CANCELLED = "cancelled";

    private Answers() {}

    /** It runs from now on. */
    public static RecordWorkflowOutcome started(StartExecution command, Instant now) {
        return outcome(command, STARTED, null, now);
    }

    /** It did all that it had to do. */
    public static RecordWorkflowOutcome terminated(StartExecution command, Instant now) {
        return outcome(command, TERMINATED, null, now);
    }

    /**
     * A refused start of an earlier epoch. The scheduler drops it where the execution went through the restore; where it was submitted
     * in the moment after it and still carries the former epoch, it fails visibly instead of being pending for ever.
     */
    public static RecordWorkflowOutcome outdated(StartExecution command, Instant now) {
        return failed(command, OUTDATED, now);
    }

    public static RecordWorkflowOutcome failed(StartExecution command, String error, Instant now) {
        return outcome(command, FAILED, error, now);
    }

    /** Stopped, maybe before it began. */
    public static RecordWorkflowOutcome cancelled(StartExecution command, Instant now) {
        return outcome(command, CANCELLED, null, now);
    }

    public static RecordWorkflowOutcome cancelled(StopExecution command, Instant now) {
        return new RecordWorkflowOutcome(
                command.executionId(), command.tenantName(), CANCELLED, null, command.token(), command.epoch(), now);
    }

    private static RecordWorkflowOutcome outcome(
            StartExecution command, String status, @Nullable String error, Instant now) {
        return new RecordWorkflowOutcome(
                command.executionId(), command.tenantName(), status, error, command.token(), command.epoch(), now);
    }
}
