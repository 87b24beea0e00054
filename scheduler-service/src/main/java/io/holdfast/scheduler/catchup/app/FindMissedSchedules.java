package io.holdfast.scheduler.catchup.app;

import io.holdfast.role.OnlyActive;
import io.holdfast.scheduler.catchup.MissedSchedules;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Finds schedules that wait for a decision although nobody tells of them: the command was lost with the broker, or the snapshot that was
 * restored was itself made before they were decided on. Only deciding is a transaction: a look that finds none is one statement.
 */
@ApplicationScoped
public class FindMissedSchedules {

    private final MissedSchedules schedules;
    private final CatchUpAfterRestore catchUp;

    FindMissedSchedules(MissedSchedules schedules, CatchUpAfterRestore catchUp) {
        this.schedules = schedules;
        this.catchUp = catchUp;
    }

    @Scheduled(
            identity = "scheduler-missed-schedules",
            every = "30s",
            delayed = "10s",
            skipExecutionIf = OnlyActive.class)
    public void find() {
        if (schedules.any()) {
            catchUp.catchUpSchedules();
        }
    }
}
