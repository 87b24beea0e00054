package io.holdfast.scheduler.schedules.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.scheduler.executions.DeploymentFacts;
import io.holdfast.scheduler.executions.Deployments;
import io.holdfast.scheduler.schedules.Schedule;
import io.holdfast.scheduler.schedules.Schedules;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes, changes, pauses, resumes and removes schedules. */
@ApplicationScoped
public class KeepSchedule {

    private final Schedules schedules;
    private final Deployments deployments;
    private final Outbox outbox;

    KeepSchedule(Schedules schedules, Deployments deployments, @OfService("scheduler") Outbox outbox) {
        this.schedules = schedules;
        this.deployments = deployments;
        this.outbox = outbox;
    }

    @Transactional
    public void create(Schedule.Key key, ScheduleBody body, String username) {
        Instant now = schedules.now();
        DeploymentFacts deployment = deployments.get(key.deploymentId(), false);
        Schedule given = body.create(key, visibility(deployment), username, now);
        workflow(deployment, given.workflowId());
        Schedule schedule = given.startedAt(now, OccurDue.tzdbVersion());
        if (!schedules.add(schedule)) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "Instance with ID " + key.id() + " cannot be added on <Tenant name=`" + key.tenantName()
                            + "`> or with global visibility",
                    null);
        }
        tell(schedule, "CREATED", username, now);
    }

    /** What the body does not give stays. A changed timing, or being enabled again, begins anew now: nothing before is made up for. */
    @Transactional
    public void change(Schedule.Key key, ScheduleBody body, String username) {
        Schedule old = locked(key);
        Instant now = schedules.now();
        Schedule given = body.change(old);
        if (!given.workflowId().equals(old.workflowId())) {
            workflow(deployments.get(key.deploymentId(), false), given.workflowId());
        }
        boolean resumed = given.state().enabled() && !old.state().enabled();
        boolean anew = resumed || !given.timing().equals(old.timing());
        Schedule schedule = anew ? given.startedAt(now, OccurDue.tzdbVersion()) : given;
        schedules.update(schedule);
        boolean paused = old.state().enabled() && !given.state().enabled();
        tell(schedule, resumed ? "RESUMED" : paused ? "PAUSED" : "UPDATED", username, now);
    }

    /** @param note why, for who wonders later; null: nothing to say */
    @Transactional
    public void pause(Schedule.Key key, @Nullable String note, String username) {
        Schedule old = locked(key);
        Schedule paused = old.with(old.state().enabled(false, note));
        schedules.update(paused);
        tell(paused, "PAUSED", username, schedules.now());
    }

    /** It goes on with the first occurrence that is still to come. */
    @Transactional
    public void resume(Schedule.Key key, @Nullable String note, String username) {
        Schedule old = locked(key);
        Instant now = schedules.now();
        Schedule resumed = old.state().enabled()
                ? old
                : old.with(old.state().enabled(true, note)).startedAt(now, OccurDue.tzdbVersion());
        schedules.update(resumed);
        tell(resumed, "RESUMED", username, now);
    }

    @Transactional
    public void remove(Schedule.Key key, String username) {
        Schedule old = locked(key);
        schedules.remove(key);
        tell(old, "DELETED", username, schedules.now());
    }

    static ManagerException notFound(Schedule.Key key) {
        return new ManagerException(
                ErrorCode.NOT_FOUND,
                "Requested `ExecutionSchedule` with ID `" + key.id() + "` was not found (filters: {'deployment_id': '"
                        + key.deploymentId() + "'})",
                null);
    }

    /** What belongs to a private deployment is private, too. */
    private static String visibility(DeploymentFacts deployment) {
        return deployment.visibility().equals("private") ? "private" : "tenant";
    }

    static DeploymentFacts.Workflow workflow(DeploymentFacts deployment, String workflowId) {
        DeploymentFacts.Workflow workflow = deployment.workflows().get(workflowId);
        if (workflow == null) {
            throw new ManagerException(
                    ErrorCode.NONEXISTENT_WORKFLOW,
                    "Workflow " + workflowId + " does not exist in deployment " + deployment.id(),
                    null);
        }
        return workflow;
    }

    private Schedule locked(Schedule.Key key) {
        return schedules.lock(key).orElseThrow(() -> notFound(key));
    }

    private void tell(Schedule schedule, String change, String username, Instant now) {
        outbox.append(FireOccurrence.changed(schedule, change, username, now));
        schedules.announceChange();
    }
}
