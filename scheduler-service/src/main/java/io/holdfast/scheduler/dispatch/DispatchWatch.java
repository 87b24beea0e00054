package io.holdfast.scheduler.dispatch;

import java.time.Duration;

/** Remembers when due executions were looked at, so that what became due while nobody did can be told from what waits in a backlog. */
public interface DispatchWatch {

    /** Somebody looks, now, and there was no pause. False, and nothing is written, if there was one or the gate is not open. */
    boolean goesOn();

    /**
     * Somebody looks, now. If nobody did for longer than a slip of a minute, executions that became due in that time, and are later
     * than the slip and {@code lateTolerance} together, fail with reason MISSED. Those that a schedule made are left alone: its own
     * catch-up policy has decided on them.
     *
     * @return how many were missed; less than zero: the maintenance gate is not open, so nobody may look
     */
    int touch(Duration lateTolerance);
}
