package io.holdfast.scheduler.schedules;

import io.holdfast.scheduler.executions.ExecutionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where schedules and the history of their occurrences are kept. Every method joins the transaction at hand. */
public interface Schedules {

    /**
     * Schedules with something to do: an occurrence that is due, or a next one that this time zone data has not worked out. None while
     * the maintenance gate is not open. What is due is decided by the database's clock.
     */
    List<Schedule.Key> due(String tzdbVersion, int limit);

    /** Time until the next occurrence of any; empty if there is none or the gate is not open. */
    Optional<Duration> untilNext();

    Optional<Schedule> find(Schedule.Key key);

    /** The schedule, locked; empty if another has it locked, too. */
    Optional<Schedule> lockIfFree(Schedule.Key key);

    /** The schedule, locked once nobody else has it. */
    Optional<Schedule> lock(Schedule.Key key);

    /** False if there is one with this key. */
    boolean add(Schedule schedule);

    /** Writes all of a schedule that is locked. */
    void update(Schedule schedule);

    /** Removes it with its history. False if there is none. */
    boolean remove(Schedule.Key key);

    /** Notes what was decided. False if that occurrence was decided on before: then nothing may be done for it. */
    boolean record(Schedule.Key key, ScheduleRun run);

    /** What was decided, the latest occurrence first. @param outcome null: any */
    List<ScheduleRun> runs(Schedule.Key key, ScheduleRun.@Nullable Outcome outcome, int size, int offset);

    /** How many {@link #runs} there are in all. */
    long countRuns(Schedule.Key key, ScheduleRun.@Nullable Outcome outcome);

    /** Its executions that have not ended, oldest first. */
    List<Unended> unended(Schedule.Key key);

    /** Wakes whoever waits for occurrences, when the transaction commits. */
    void announceChange();

    /** The database's time. */
    Instant now();

    /** An execution that has not ended. */
    record Unended(String id, ExecutionStatus status) {}
}
