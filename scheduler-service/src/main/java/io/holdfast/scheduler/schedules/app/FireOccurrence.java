package io.holdfast.scheduler.schedules.app;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.ExecutionEvent;
import io.holdfast.contracts.events.ScheduleEvent;
import io.holdfast.contracts.language.NamedThings;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.scheduler.WaitAfterFail;
import io.holdfast.scheduler.executions.Action;
import io.holdfast.scheduler.executions.DeploymentFacts;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionJournal;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import io.holdfast.scheduler.executions.WorkflowParameters;
import io.holdfast.scheduler.executions.app.ChangeExecution;
import io.holdfast.scheduler.schedules.Due;
import io.holdfast.scheduler.schedules.Schedule;
import io.holdfast.scheduler.schedules.ScheduleRun;
import io.holdfast.scheduler.schedules.ScheduleRun.Outcome;
import io.holdfast.scheduler.schedules.Schedules;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Makes an occurrence's execution, or notes why it does not get one. Joins the transaction that has the schedule locked. */
@ApplicationScoped
class FireOccurrence {

    private static final Logger LOG = Logger.getLogger(FireOccurrence.class);

    /** As of executions that a restore finds overdue: to a user it is the same thing. */
    private static final String OVERDUE = "Execution %s scheduled for %s is overdue. Marking as FAILED.";

    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Schedules schedules;
    private final Executions executions;
    private final ExecutionJournal journal;
    private final ChangeExecution change;
    private final Outbox outbox;

    FireOccurrence(
            Schedules schedules,
            Executions executions,
            ExecutionJournal journal,
            ChangeExecution change,
            @OfService("scheduler") Outbox outbox) {
        this.schedules = schedules;
        this.executions = executions;
        this.journal = journal;
        this.change = change;
        this.outbox = outbox;
    }

    /**
     * @param late it is made up for: it starts now
     * @param asked the overlap policy instead of the schedule's; null: the schedule's
     * @return the schedule as it is then; not yet written
     */
    @Transactional(Transactional.TxType.MANDATORY)
    Schedule fire(
            Schedule schedule,
            Instant occurrence,
            boolean late,
            boolean backfill,
            Schedule.@Nullable Overlap asked,
            Optional<DeploymentFacts> deployment,
            Instant now) {
        Attempt attempt = new Attempt(schedule, occurrence, backfill, now);
        if (deployment.isEmpty()) {
            attempt.note(
                    Outcome.FAILED,
                    "NO_DEPLOYMENT",
                    "deployment " + schedule.key().deploymentId() + " is gone",
                    null);
            return attempt.paused("deployment " + schedule.key().deploymentId() + " is gone");
        }
        if (schedule.policy().stopOnFail() && !backfill && latestFailed(schedule)) {
            String why = "its latest execution " + schedule.state().latestExecutionId() + " failed";
            attempt.note(Outcome.SKIPPED, "STOPPED_ON_FAIL", why, null);
            return attempt.paused(why);
        }
        Schedule.Overlap overlap = asked == null ? schedule.policy().overlap() : asked;
        List<Schedules.Unended> others = schedules.unended(schedule.key());
        boolean waits = !others.isEmpty() && overlap != Schedule.Overlap.ALLOW;
        if (waits && overlap == Schedule.Overlap.SKIP
                || waits
                        && overlap == Schedule.Overlap.QUEUE_ONE
                        && others.stream().anyMatch(FireOccurrence::isWaiting)) {
            attempt.note(
                    Outcome.SKIPPED, "OVERLAP", "execution " + others.get(0).id() + " of it has not ended", null);
            return schedule;
        }
        Execution execution;
        try {
            execution = execution(schedule, deployment.get(), occurrence, late, backfill, overlap, now);
        } catch (ManagerException e) {
            attempt.note(Outcome.FAILED, e.code().name(), e.detail(), null);
            return schedule;
        }
        if (!attempt.note(
                waits ? Outcome.QUEUED : Outcome.STARTED,
                waits ? "OVERLAP" : late ? "LATE" : null,
                null,
                execution.id())) {
            return schedule;
        }
        executions.add(execution);
        executions.announceDue();
        if (overlap == Schedule.Overlap.CANCEL_OTHER) {
            cancel(schedule.key().tenantName(), others);
        }
        return schedule.with(schedule.state().ran(execution.id()));
    }

    /**
     * All are locked before the first is changed: a change takes the lock of their deployment, for which who ends another one of them
     * waits with that one locked. And what has ended in the meantime cannot be cancelled.
     */
    private void cancel(String tenantName, List<Schedules.Unended> others) {
        List<Execution> open = others.stream()
                .map(Schedules.Unended::id)
                .sorted()
                .flatMap(id -> executions.lock(tenantName, id).stream())
                .filter(other -> !other.status().isEnded() && !isStopping(other.status()))
                .toList();
        open.forEach(other -> change.act(tenantName, other.id(), Action.CANCEL, null));
    }

    /** Makes a failed execution for an occurrence that nothing else will come of. */
    @Transactional(Transactional.TxType.MANDATORY)
    Schedule missed(Schedule schedule, Instant occurrence, Instant now) {
        String id = UUID.randomUUID().toString();
        String line = String.format(Locale.ROOT, OVERDUE, id, MILLIS.format(occurrence));
        if (!new Attempt(schedule, occurrence, false, now).note(Outcome.FAILED, "LATE", line, id)) {
            return schedule;
        }
        Execution failed = execution(
                schedule,
                id,
                null,
                ExecutionStatus.FAILED,
                schedule.parameters(),
                line,
                occurrence,
                now,
                occurrence,
                false);
        executions.add(failed);
        int version = executions.update(failed, "MISSED", null, null);
        journal.add(
                failed,
                "workflow_failed",
                "'" + failed.workflowId() + "' workflow execution failed: " + line,
                now,
                line);
        outbox.append(
                new ExecutionEvent.Failed(id, failed.tenantName(), failed.workflowId(), "MISSED", line, now), version);
        LOG.info(line);
        return schedule.with(schedule.state().ran(id));
    }

    /** One occurrence at one moment. */
    private final class Attempt {

        private final Schedule schedule;
        private final Instant occurrence;
        private final boolean backfill;
        private final Instant now;

        Attempt(Schedule schedule, Instant occurrence, boolean backfill, Instant now) {
            this.schedule = schedule;
            this.occurrence = occurrence;
            this.backfill = backfill;
            this.now = now;
        }

        /** False if the occurrence was decided on before. */
        boolean note(Outcome outcome, @Nullable String reason, @Nullable String detail, @Nullable String executionId) {
            Long lateness = outcome == Outcome.STARTED || outcome == Outcome.QUEUED
                    ? (Long) Duration.between(occurrence, now).toMillis()
                    : null;
            ScheduleRun run =
                    new ScheduleRun(occurrence, outcome, reason, detail, executionId, backfill, lateness, now);
            boolean first = schedules.record(schedule.key(), run);
            if (first) {
                outbox.append(occurred(schedule, run));
            }
            return first;
        }

        Schedule paused(String why) {
            if (backfill) {
                return schedule;
            }
            LOG.infof(
                    "Schedule %s of deployment %s in tenant %s is paused: %s",
                    schedule.key().id(),
                    schedule.key().deploymentId(),
                    schedule.key().tenantName(),
                    why);
            outbox.append(changed(schedule, "PAUSED", null, now));
            return schedule.with(schedule.state().enabled(false, why));
        }
    }

    ScheduleEvent occurred(Schedule schedule, ScheduleRun run) {
        return new ScheduleEvent.Occurred(
                schedule.key().id(),
                schedule.key().deploymentId(),
                schedule.key().tenantName(),
                run.occurrence(),
                Schedule.nameOf(run.outcome()),
                run.reason(),
                run.executionId(),
                run.decidedAt());
    }

    static ScheduleEvent changed(Schedule schedule, String change, @Nullable String by, Instant at) {
        return new ScheduleEvent.Changed(
                schedule.key().id(),
                schedule.key().deploymentId(),
                schedule.key().tenantName(),
                change,
                by,
                schedule.state().next(),
                at);
    }

    private static boolean isWaiting(Schedules.Unended execution) {
        return execution.status().isWaiting();
    }

    private static boolean isStopping(ExecutionStatus status) {
        return status == ExecutionStatus.CANCELLING
                || status == ExecutionStatus.FORCE_CANCELLING
                || status == ExecutionStatus.KILL_CANCELLING;
    }

    private boolean latestFailed(Schedule schedule) {
        String latest = schedule.state().latestExecutionId();
        return latest != null
                && executions
                        .find(schedule.key().tenantName(), latest)
                        .filter(execution -> execution.status() == ExecutionStatus.FAILED)
                        .isPresent();
    }

    private Execution execution(
            Schedule schedule,
            DeploymentFacts deployment,
            Instant occurrence,
            boolean late,
            boolean backfill,
            Schedule.Overlap overlap,
            Instant now) {
        boolean custom = argument(schedule, "allow_custom_parameters");
        DeploymentFacts.Workflow workflow = KeepSchedule.workflow(deployment, schedule.workflowId());
        Map<String, Object> given = schedule.parameters();
        // The inventory is not asked here, where the schedule is locked: the workflow finds what is not there.
        Map<String, Object> parameters =
                WorkflowParameters.merge(workflow, given == null ? Map.of() : given, custom, NamedThings.ANY);
        Instant due =
                occurrence.plus(Due.jitter(schedule.key(), schedule.policy().jitterSeconds(), occurrence));
        boolean parallel = overlap == Schedule.Overlap.ALLOW || argument(schedule, "force");
        return execution(
                schedule,
                UUID.randomUUID().toString(),
                deployment,
                ExecutionStatus.SCHEDULED,
                parameters,
                null,
                backfill || late && due.isBefore(now) ? now : due,
                now,
                occurrence,
                parallel);
    }

    private Execution execution(
            Schedule schedule,
            String id,
            @Nullable DeploymentFacts deployment,
            ExecutionStatus status,
            @Nullable Map<String, Object> parameters,
            @Nullable String error,
            Instant due,
            Instant now,
            Instant occurrence,
            boolean parallel) {
        Schedule.Policy policy = schedule.policy();
        Map<String, Object> arguments = schedule.arguments();
        return new Execution(
                schedule.key().tenantName(),
                id,
                schedule.workflowId(),
                schedule.key().deploymentId(),
                deployment == null ? null : deployment.displayName(),
                deployment == null ? null : deployment.blueprintId(),
                status,
                parameters,
                false,
                argument(schedule, "is_dry_run") || argument(schedule, "dry_run"),
                argument(schedule, "allow_custom_parameters"),
                false,
                arguments == null ? null : WaitAfterFail.ofKept(arguments.get(WaitAfterFail.FIELD)),
                error,
                null,
                null,
                due,
                now,
                null,
                status.isEnded() ? now : null,
                schedule.visibility(),
                schedule.createdBy(),
                null,
                executions.epoch(),
                new Execution.Turn(
                        policy.priority(),
                        policy.concurrencyKey(),
                        parallel,
                        schedule.key().id(),
                        occurrence,
                        0));
    }

    private static boolean argument(Schedule schedule, String name) {
        Map<String, Object> arguments = schedule.arguments();
        return arguments != null && "true".equalsIgnoreCase(String.valueOf(arguments.get(name)));
    }
}
