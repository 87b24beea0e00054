package io.holdfast.scheduler.schedules.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.scheduler.executions.DeploymentFacts;
import io.holdfast.scheduler.executions.Deployments;
import io.holdfast.scheduler.schedules.Schedule;
import io.holdfast.scheduler.schedules.Schedules;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Starts what a schedule starts, at another time: now, or for occurrences of a time that passed. */
@ApplicationScoped
public class RunSchedule {

    private static final int MOST_AT_ONCE = 1_000;

    private final Schedules schedules;
    private final Deployments deployments;
    private final FireOccurrence fire;

    RunSchedule(Schedules schedules, Deployments deployments, FireOccurrence fire) {
        this.schedules = schedules;
        this.deployments = deployments;
        this.fire = fire;
    }

    /**
     * As if it occurred now.
     *
     * @param overlap null: the schedule's
     * @return the moment, under which it is in the history
     */
    @Transactional
    public Instant trigger(Schedule.Key key, @Nullable String overlap) {
        Optional<DeploymentFacts> deployment = Optional.of(deployments.get(key.deploymentId(), true));
        Schedule schedule = schedules.lock(key).orElseThrow(() -> KeepSchedule.notFound(key));
        Instant now = schedules.now();
        Schedule.Overlap asked = overlap == null ? null : Schedule.Overlap.of(overlap);
        schedules.update(fire.fire(schedule, now, false, true, asked, deployment, now));
        return now;
    }

    /**
     * Runs the occurrences from {@code from} to {@code to}, both included. Those for which an execution was made are left alone.
     *
     * @param overlap null: they queue one behind the other
     * @return the occurrences in that time
     */
    @Transactional
    public List<Instant> backfill(Schedule.Key key, Instant from, Instant to, @Nullable String overlap) {
        Optional<DeploymentFacts> deployment = Optional.of(deployments.get(key.deploymentId(), true));
        Schedule schedule = schedules.lock(key).orElseThrow(() -> KeepSchedule.notFound(key));
        Instant now = schedules.now();
        if (to.isAfter(now) || to.isBefore(from)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "a backfill goes from one time to a later one that has passed, but got: " + from + " to " + to,
                    null);
        }
        List<Instant> occurrences =
                schedule.timing().occurrences().after(from.minusMillis(1), MOST_AT_ONCE + 1).stream()
                        .filter(occurrence -> !occurrence.isAfter(to) && !occurrence.isBefore(from))
                        .toList();
        if (occurrences.size() > MOST_AT_ONCE) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "from " + from + " to " + to + " there are more than " + MOST_AT_ONCE + " occurrences",
                    "backfill a part of that time");
        }
        Schedule.Overlap asked = overlap == null ? Schedule.Overlap.QUEUE_ALL : Schedule.Overlap.of(overlap);
        Schedule current = schedule;
        for (Instant occurrence : occurrences) {
            current = fire.fire(current, occurrence, true, true, asked, deployment, now);
        }
        schedules.update(current);
        return occurrences;
    }
}
