package io.holdfast.scheduler.schedules.app;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.ScheduleEvent;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.scheduler.executions.DeploymentFacts;
import io.holdfast.scheduler.schedules.Due;
import io.holdfast.scheduler.schedules.Occurrences;
import io.holdfast.scheduler.schedules.Schedule;
import io.holdfast.scheduler.schedules.ScheduleRun;
import io.holdfast.scheduler.schedules.ScheduleRun.Outcome;
import io.holdfast.scheduler.schedules.Schedules;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Decides on the occurrences of one schedule whose time has come. History, executions, the schedule itself and the facts for others
 * commit together; the history's key makes an occurrence happen once, whoever works it out.
 */
@ApplicationScoped
public class DecideOccurrences {

    private static final Logger LOG = Logger.getLogger(DecideOccurrences.class);

    private final Schedules schedules;
    private final FireOccurrence fire;
    private final Outbox outbox;

    DecideOccurrences(Schedules schedules, FireOccurrence fire, @OfService("scheduler") Outbox outbox) {
        this.schedules = schedules;
        this.fire = fire;
        this.outbox = outbox;
    }

    /** @param deployment empty: it is gone. False if another instance is at it, or nothing is to be decided any more */
    @Transactional
    public boolean decide(Schedule.Key key, Optional<DeploymentFacts> deployment) {
        Schedule schedule = schedules.lockIfFree(key).orElse(null);
        if (schedule == null || !schedule.state().enabled() || schedule.state().missedUntil() != null) {
            return false;
        }
        Instant now = schedules.now();
        Occurrences occurrences;
        try {
            occurrences = schedule.timing().occurrences();
        } catch (ManagerException e) {
            pause(schedule, "its rule cannot be followed: " + e.detail(), now);
            return true;
        }
        Schedule current = worked(schedule, occurrences, now);
        Instant next = current.state().next();
        if (next == null || next.isAfter(now)) {
            boolean workedOut = current != schedule;
            if (workedOut) {
                schedules.update(current);
                tellIfCompleted(schedule, current, now);
            }
            return workedOut;
        }
        Schedule after = carryOut(
                current, Due.of(current.policy(), next, now, current.state().ordinal(), occurrences), deployment, now);
        schedules.update(after);
        tellIfCompleted(current, after, now);
        return true;
    }

    /** With a next occurrence by the time zone data of this JVM. */
    private static Schedule worked(Schedule schedule, Occurrences occurrences, Instant now) {
        Schedule.State state = schedule.state();
        String tzdb = OccurDue.tzdbVersion();
        if (tzdb.equals(state.tzdbVersion())) {
            return schedule;
        }
        Instant anchor;
        Instant next = state.next();
        if (state.tzdbVersion() == null) {
            anchor = next == null ? now : next.minusSeconds(1);
        } else {
            Instant updated = state.updatedAt() == null ? schedule.createdAt() : state.updatedAt();
            Instant last = state.last();
            anchor = last == null || last.isBefore(updated) ? updated : last;
        }
        long ordinal = occurrences.isCounted() ? occurrences.countUntil(anchor, Integer.MAX_VALUE) : state.ordinal();
        Instant worked =
                occurrences.after(anchor, 1, ordinal).stream().findFirst().orElse(null);
        return schedule.with(state.at(worked, state.last(), ordinal, tzdb));
    }

    private Schedule carryOut(Schedule schedule, Due due, Optional<DeploymentFacts> deployment, Instant now) {
        Schedule current = schedule;
        for (Due.Missed missed : due.missed()) {
            String detail = missed.standsFor() == 1
                    ? null
                    : "stands for " + missed.standsFor()
                            + " occurrences from this one on, before those with a row each";
            note(current, new ScheduleRun(missed.occurrence(), Outcome.MISSED, "LATE", detail, null, false, null, now));
        }
        if (due.failed() != null) {
            current = fire.missed(current, due.failed(), now);
        }
        Instant last = due.failed() != null && due.firing().isEmpty() ? due.failed() : due.last();
        long decided = due.decided();
        Instant next = due.next();
        for (Due.Firing firing : due.firing()) {
            current = fire.fire(current, firing.occurrence(), firing.late(), false, null, deployment, now);
            if (!current.state().enabled()) {
                // Paused by what it met: when it is resumed it begins anew.
                last = firing.occurrence();
                break;
            }
        }
        Schedule.State state = current.state();
        return current.with(
                state.at(next, last == null ? state.last() : last, state.ordinal() + decided, OccurDue.tzdbVersion()));
    }

    private void note(Schedule schedule, ScheduleRun run) {
        if (schedules.record(schedule.key(), run)) {
            outbox.append(fire.occurred(schedule, run));
        }
    }

    private void pause(Schedule schedule, String why, Instant now) {
        LOG.warnf(
                "Schedule %s of deployment %s in tenant %s is paused: %s",
                schedule.key().id(),
                schedule.key().deploymentId(),
                schedule.key().tenantName(),
                why);
        schedules.update(schedule.with(schedule.state().enabled(false, why)));
        outbox.append(FireOccurrence.changed(schedule, "PAUSED", null, now));
    }

    private void tellIfCompleted(Schedule before, Schedule after, Instant now) {
        @Nullable Instant next = after.state().next();
        boolean hadOne = before.state().next() != null || before.state().tzdbVersion() == null;
        if (next == null && hadOne && after.state().enabled()) {
            outbox.append(new ScheduleEvent.Completed(
                    after.key().id(), after.key().deploymentId(), after.key().tenantName(), now));
        }
    }
}
