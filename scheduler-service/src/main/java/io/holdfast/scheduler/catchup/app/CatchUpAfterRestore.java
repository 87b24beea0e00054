package io.holdfast.scheduler.catchup.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.Event;
import io.holdfast.contracts.events.ExecutionEvent;
import io.holdfast.contracts.events.ScheduleEvent;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.scheduler.catchup.CatchUp;
import io.holdfast.scheduler.catchup.MissedSchedule;
import io.holdfast.scheduler.catchup.MissedSchedules;
import io.holdfast.scheduler.catchup.Recurrence;
import io.holdfast.scheduler.executions.AfterRestore;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionJournal;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import io.holdfast.scheduler.schedules.DstPolicy;
import io.holdfast.scheduler.schedules.Occurrences;
import io.holdfast.scheduler.schedules.ScheduleRule;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for each schedule that a restore found with occurrences in its past, what becomes of them. Until then the schedule loop leaves
 * it alone; afterwards it goes on with the first occurrence that is left.
 */
@ApplicationScoped
public class CatchUpAfterRestore implements AfterRestore {

    /** {@code reason} of the history's rows. */
    public static final String RESTORE = "RESTORE";

    /** {@code reason} where the rule of a schedule that came with an archive is none. */
    public static final String INVALID_RULE = "INVALID_RULE";

    /** The same words and reason as of executions that were scheduled once: to a user it is the same thing. */
    static final String OVERDUE_LINE = "Execution %s scheduled for %s is overdue. Marking as FAILED.";

    static final String OVERDUE_REASON = "OVERDUE_AT_RESTORE";

    private static final Logger LOG = Logger.getLogger(CatchUpAfterRestore.class);
    private static final int BATCH = 100;

    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final MissedSchedules schedules;
    private final Executions executions;
    private final ExecutionJournal journal;
    private final Outbox outbox;

    CatchUpAfterRestore(
            MissedSchedules schedules,
            Executions executions,
            ExecutionJournal journal,
            @OfService("scheduler") Outbox outbox) {
        this.schedules = schedules;
        this.executions = executions;
        this.journal = journal;
        this.outbox = outbox;
    }

    @Override
    @Transactional
    public void catchUpSchedules() {
        int settled = 0;
        for (List<MissedSchedule> some = schedules.lockSome(BATCH); !some.isEmpty(); some = schedules.lockSome(BATCH)) {
            some.forEach(this::settle);
            settled += some.size();
        }
        if (settled > 0) {
            executions.announceDue();
        }
    }

    private void settle(MissedSchedule schedule) {
        Instant now = executions.now();
        CatchUp decision;
        try {
            decision = CatchUp.of(
                    schedule.policy(), schedule.limit(), schedule.next(), schedule.missedUntil(), recurrence(schedule));
        } catch (ManagerException e) {
            invalid(schedule, e, now);
            return;
        }
        List<Event> events = new ArrayList<>();
        for (CatchUp.Missed missed : schedules.recordMissed(schedule, decision.missed(), RESTORE, now)) {
            events.add(occurred(schedule, missed.occurrenceAt(), "missed", RESTORE, null, now));
        }
        Instant failed = decision.failed();
        if (failed != null) {
            fail(schedule, failed, now).ifPresent(events::add);
        }
        schedules.settle(schedule, decision.last(), decision.next(), decision.decided());
        if (decision.next() == null) {
            events.add(new ScheduleEvent.Completed(
                    schedule.id(), schedule.deploymentId(), schedule.tenantName(), schedule.missedUntil()));
        }
        if (!events.isEmpty()) {
            outbox.appendAll(events);
        }
        LOG.infof(
                "Schedule %s of deployment %s in tenant %s missed %d occurrences from %s to the restore at %s;"
                        + " catch-up policy %s; next one %s",
                schedule.id(),
                schedule.deploymentId(),
                schedule.tenantName(),
                decision.total(),
                schedule.next(),
                schedule.missedUntil(),
                schedule.policy().wireName(),
                decision.next() == null ? "none, it is completed" : decision.next());
    }

    private static Recurrence recurrence(MissedSchedule schedule) {
        MissedSchedule.Zone zone = schedule.zone();
        return Occurrences.of(
                ScheduleRule.of(schedule.rule()),
                zone(zone.name()),
                DstPolicy.of(zone.gap(), zone.overlap()),
                schedule.since(),
                schedule.until())::after;
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new ManagerException(ErrorCode.BAD_PARAMETERS, "no such time zone: " + name, null, e);
        }
    }

    /** Nobody can run it, so it must not hold up the others. */
    private void invalid(MissedSchedule schedule, ManagerException e, Instant now) {
        LOG.warnf(
                "Schedule %s of deployment %s in tenant %s cannot go on after the restore: %s",
                schedule.id(), schedule.deploymentId(), schedule.tenantName(), e.detail());
        Instant next = schedule.next();
        if (next != null && schedules.recordFailed(schedule, next, INVALID_RULE, e.detail(), null, now)) {
            outbox.append(occurred(schedule, next, "failed", INVALID_RULE, null, now));
        }
        schedules.settle(schedule, next, null, 1);
    }

    private Optional<Event> fail(MissedSchedule schedule, Instant occurrence, Instant now) {
        String id = UUID.randomUUID().toString();
        String line = String.format(Locale.ROOT, OVERDUE_LINE, id, MILLIS.format(occurrence));
        if (!schedules.recordFailed(schedule, occurrence, RESTORE, line, id, now)) {
            return Optional.empty();
        }
        MissedSchedule.Maker maker = schedule.maker();
        Execution failed = new Execution(
                schedule.tenantName(),
                id,
                schedule.workflowId(),
                schedule.deploymentId(),
                maker.deploymentDisplayName(),
                maker.blueprintId(),
                ExecutionStatus.FAILED,
                maker.parameters(),
                false,
                false,
                false,
                false,
                null,
                line,
                null,
                null,
                occurrence,
                now,
                null,
                now,
                maker.visibility(),
                maker.createdBy(),
                null,
                executions.epoch(),
                new Execution.Turn(maker.priority(), maker.concurrencyKey(), false, schedule.id(), occurrence, 0));
        executions.add(failed);
        int version = executions.update(failed, OVERDUE_REASON, null, null);
        journal.add(
                failed,
                "workflow_failed",
                "'" + failed.workflowId() + "' workflow execution failed: " + line,
                now,
                line);
        outbox.append(
                new ExecutionEvent.Failed(id, failed.tenantName(), failed.workflowId(), OVERDUE_REASON, line, now),
                version);
        LOG.info(line);
        return Optional.of(occurred(schedule, occurrence, "failed", RESTORE, id, now));
    }

    private static Event occurred(
            MissedSchedule schedule,
            Instant occurrence,
            String outcome,
            String reason,
            @Nullable String executionId,
            Instant now) {
        return new ScheduleEvent.Occurred(
                schedule.id(),
                schedule.deploymentId(),
                schedule.tenantName(),
                occurrence,
                outcome,
                reason,
                executionId,
                now);
    }
}
