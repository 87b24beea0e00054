package io.holdfast.workflow.running;

import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import java.time.Duration;
import java.time.Instant;

/**
 * Keeps what is old from running: commands of a restore epoch lower than one that was seen, and start commands of an execution lower
 * than the one that was taken. Lower is decided by epoch, then by attempt. Every method works inside the caller's transaction.
 */
public interface Fence {

    /** What may become of a start command. */
    enum Start {
        /** It is the newest of its execution: answer it or run it. */
        TAKEN,
        /** It is the newest, but a stop for it came first: it must not run. */
        STOPPED,
        /** From before a restore that was seen. */
        STALE_EPOCH,
        /** A later dispatch of the execution was taken already. */
        STALE_ATTEMPT,
        /** This very dispatch was taken already. */
        REPEATED
    }

    /** What may become of a stop command. */
    enum Stop {
        /** The dispatch is held: stop it. */
        HELD,
        /** It ended already, or it was never here; should its start still come, it will be {@link Start#STOPPED}. */
        NOT_HELD,
        /** From before a restore that was seen. */
        STALE_EPOCH
    }

    /** What has become of a dispatch that was taken and is held. */
    enum Hold {
        /** Go on with it. */
        OURS,
        /** It is ours, and is to stop. */
        STOPPED,
        /** It is not ours any more: it was handed out again, a restore came, or its end was reported. */
        LOST
    }

    /** @param held whether a worker will have it from now on; false: it is answered in this transaction */
    Start take(StartExecution command, boolean held);

    Stop stop(StopExecution command);

    Hold holds(StartExecution command);

    /** A held execution is held no more: its end is being reported. */
    void answered(String tenantName, String executionId);

    /** As {@link #answered}, unless it was taken again after that end. */
    void ended(String tenantName, String executionId, Instant endedAt);

    /** A restore of this epoch happened. Lower ones change nothing. */
    void sawEpoch(long epoch);

    /** Forgets what was answered longer ago than any message can wait. Returns how many. */
    int forgetOlderThan(Duration age);
}
