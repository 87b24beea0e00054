package io.holdfast.scheduler.executions;

/** What else there is to do when a restore tells of schedules whose time has passed. */
@FunctionalInterface
public interface AfterRestore {

    /** Decides on all that wait for it. Joins the transaction at hand; idempotent. */
    void catchUpSchedules();
}
