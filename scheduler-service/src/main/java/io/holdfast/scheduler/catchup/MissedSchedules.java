package io.holdfast.scheduler.catchup;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Schedules that wait for a decision on what a restore missed. Joins the transaction at hand. */
public interface MissedSchedules {

    /** Some of them, locked; those that another instance has locked are passed over. */
    List<MissedSchedule> lockSome(int limit);

    /** Whether there are any. */
    boolean any();

    /**
     * Notes occurrences in the history; what has a row there already stays as it is.
     *
     * @return those that had no row
     */
    List<CatchUp.Missed> recordMissed(MissedSchedule schedule, List<CatchUp.Missed> missed, String reason, Instant at);

    /** Notes that an occurrence failed. False if it has a row already. */
    boolean recordFailed(
            MissedSchedule schedule,
            Instant occurrenceAt,
            String reason,
            String detail,
            @Nullable String executionId,
            Instant at);

    /** Lets the schedule go on: everything before {@code next} is decided on. */
    void settle(MissedSchedule schedule, @Nullable Instant last, @Nullable Instant next, long decided);
}
