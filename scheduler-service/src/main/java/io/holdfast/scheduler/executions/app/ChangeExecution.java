package io.holdfast.scheduler.executions.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.scheduler.executions.Action;
import io.holdfast.scheduler.executions.Deployments;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import io.holdfast.scheduler.executions.Transitions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Cancels, kills, resumes, or sets the status of an execution. */
@ApplicationScoped
public class ChangeExecution {

    private final Executions executions;
    private final Deployments deployments;
    private final Changes changes;

    ChangeExecution(Executions executions, Deployments deployments, Changes changes) {
        this.executions = executions;
        this.deployments = deployments;
        this.changes = changes;
    }

    /**
     * The execution after the action, which stays with it: see {@link #actAs}.
     *
     * @param changedBy the user who asks for it; null: the scheduler itself
     */
    @Transactional
    public Execution act(String tenantName, String id, Action action, @Nullable String changedBy) {
        return act(executions.lock(tenantName, id).orElseThrow(() -> nothingToActOn(id)), action, changedBy);
    }

    /**
     * As the other, by a user: one that the user may not see is refused like one that is not there. Those in components' deployments
     * follow.
     */
    @Transactional
    public Execution actAs(CallerIdentity caller, String tenantName, String id, Action action) {
        Execution execution = visible(executions.lock(tenantName, id), caller).orElseThrow(() -> nothingToActOn(id));
        Execution changed = act(execution, action, caller.username());
        onComponents(caller, tenantName, List.of(changed), action);
        return changed;
    }

    /**
     * As {@link #actAs} with each of several whose status allows it and that the user may see; the others, and those that are not there,
     * stay as they are.
     */
    @Transactional
    public void actOnAll(CallerIdentity caller, String tenantName, List<String> ids, Action action) {
        onComponents(caller, tenantName, actWhereOpen(caller, tenantName, ids.stream(), action), action);
    }

    /**
     * Resumes all of them whose status allows it and that the user may see, as {@link #actOnAll} does, but each in its turn: those whose
     * deployment, concurrency key or tenant has no room are queued.
     *
     * @param action one of those that resume
     */
    @Transactional
    public void resumeInTurn(CallerIdentity caller, String tenantName, List<String> ids, Action action) {
        Instant now = executions.now();
        List<Execution> queued = openTo(action, caller, tenantName, ids.stream())
                .map(execution -> {
                    reopenOperations(execution, action);
                    return changes.queuedToResume(execution, now, caller.username());
                })
                .toList();
        changes.releasedInTurn(tenantName, queued);
        onComponents(caller, tenantName, queued, action);
    }

    /**
     * The same with the newest execution of each deployment of a component of these executions' deployments, and so on, where it makes
     * sense: one that has not ended is stopped, one that failed or was cancelled is resumed. Whatever workflows these are: a component's
     * deployment runs what the workflow of the whole has started there. One that the user may not see stays as it is: anybody who may
     * change a node instance says which deployment it stands for.
     */
    private void onComponents(CallerIdentity caller, String tenantName, List<Execution> changed, Action action) {
        if (action == Action.REQUEUE) {
            return;
        }
        Set<String> reached = new HashSet<>();
        List<String> level = newDeployments(changed, reached);
        while (!level.isEmpty()) {
            List<Executions.Ref> components = deployments.components(tenantName, level).values().stream()
                    .flatMap(List::stream)
                    .filter(reached::add)
                    .map(id -> new Executions.Ref(tenantName, id))
                    .toList();
            Stream<String> newest =
                    executions.latest(components).stream().map(Execution::id).sorted();
            level = actWhereOpen(caller, tenantName, newest, action).stream()
                    .flatMap(ChangeExecution::deployment)
                    .toList();
        }
    }

    /** Of what waits for those that end nothing goes before the last of them has ended: it may be one of them. */
    private List<Execution> actWhereOpen(CallerIdentity caller, String tenantName, Stream<String> ids, Action action) {
        List<Execution> changed = openTo(action, caller, tenantName, ids)
                .map(execution -> actAlone(execution, action, caller.username()))
                .toList();
        if (changed.stream().anyMatch(execution -> execution.status().isEnded())) {
            changes.releasedAny();
        }
        return changed;
    }

    /** Locked, one after the other as they are taken. */
    private Stream<Execution> openTo(Action action, CallerIdentity caller, String tenantName, Stream<String> ids) {
        return ids.flatMap(id -> visible(executions.lock(tenantName, id), caller).stream())
                .filter(action::isOpenTo);
    }

    private static List<String> newDeployments(List<Execution> executions, Set<String> reached) {
        return executions.stream()
                .flatMap(ChangeExecution::deployment)
                .filter(reached::add)
                .toList();
    }

    private static Stream<String> deployment(Execution execution) {
        return Stream.ofNullable(execution.deploymentId());
    }

    private Execution act(Execution execution, Action action, @Nullable String changedBy) {
        Execution changed = actAlone(execution, action, changedBy);
        if (changed.status().isEnded() && !execution.status().isEnded()) {
            changes.releasedAfter(changed);
        }
        return changed;
    }

    /** As the other; whoever asks for it sees to it that what waited for the place of one that has ended goes. */
    private Execution actAlone(Execution execution, Action action, @Nullable String changedBy) {
        ExecutionStatus to = action.appliedTo(execution);
        if (to == execution.status() && action != Action.REQUEUE) {
            return execution;
        }
        Instant now = executions.now();
        if (action == Action.REQUEUE) {
            executions.announceDue();
            return execution;
        }
        if (to == ExecutionStatus.PENDING) {
            reopenOperations(execution, action);
            return changes.resumed(execution, Changes.RESUMED_BY_USER, now, changedBy);
        }
        if (to == ExecutionStatus.CANCELLED) {
            return changes.endedAlone(execution, to, null, null, now, changedBy, Changes.Line.OURS);
        }
        return changes.stopping(execution, to, now, changedBy);
    }

    private void reopenOperations(Execution execution, Action action) {
        executions.reopenOperations(execution.tenantName(), execution.id(), action == Action.FORCE_RESUME);
    }

    /** The execution with the status that a client reports. Reporting the status that it has changes nothing. */
    @Transactional
    public Execution report(String tenantName, String id, String reported, @Nullable String error, String changedBy) {
        Execution execution = executions.lock(tenantName, id).orElseThrow(() -> Executions.missing(id));
        return report(execution, reported, error, changedBy);
    }

    /**
     * As the other, by a user: one that the user may not see is refused like one that is not there.
     *
     * @param changedBy who is written down as the one who did it. Of what its {@link Executions#WORKER} reports the worker itself writes
     *     events, as in the existing product: the journal gets none here
     */
    @Transactional
    public Execution reportAs(
            CallerIdentity caller,
            String tenantName,
            String id,
            String reported,
            @Nullable String error,
            String changedBy) {
        Execution execution =
                visible(executions.lock(tenantName, id), caller).orElseThrow(() -> Executions.missing(id));
        return report(execution, reported, error, changedBy);
    }

    private Execution report(Execution execution, String reported, @Nullable String error, String changedBy) {
        ExecutionStatus status = status(execution, reported);
        if (execution.status() == status) {
            return execution;
        }
        if (!Transitions.isReportable(execution.status(), status)) {
            throw illegal(execution, reported);
        }
        Instant now = executions.now();
        Changes.Line line = changedBy.equals(Executions.WORKER) ? Changes.Line.OF_WORKER : Changes.Line.OURS;
        if (status == ExecutionStatus.STARTED) {
            return changes.started(execution, now, changedBy, line);
        }
        if (status.isEnded()) {
            String reason = status == ExecutionStatus.FAILED ? Changes.WORKFLOW_FAILED : null;
            return changes.ended(execution, status, error, reason, now, changedBy, line);
        }
        return changes.stopping(execution, status, now, changedBy);
    }

    /** What there is no such status for is illegal after an end, and elsewhere nothing that could be stored: as in the existing API. */
    private static ExecutionStatus status(Execution execution, String reported) {
        return ExecutionStatus.find(reported)
                .orElseThrow(() -> execution.status().isEnded()
                        ? illegal(execution, reported)
                        : new ManagerException(
                                ErrorCode.STORAGE,
                                "invalid input value for enum execution_status: \"" + reported + "\"",
                                "one of "
                                        + Stream.of(ExecutionStatus.values())
                                                .map(ExecutionStatus::wireName)
                                                .collect(Collectors.joining(","))));
    }

    private static Optional<Execution> visible(Optional<Execution> execution, CallerIdentity caller) {
        return execution.filter(found -> found.isVisibleTo(caller.username(), caller.seesPrivate()));
    }

    private static ManagerException nothingToActOn(String id) {
        return new ManagerException(ErrorCode.NOT_FOUND, "Requested `Execution` ['" + id + "'] was not found", null);
    }

    private static ManagerException illegal(Execution execution, String reported) {
        return new ManagerException(
                ErrorCode.INVALID_EXECUTION_STATUS_UPDATE,
                "Invalid relationship - can't change status from "
                        + execution.status().wireName() + " to " + reported + " for \"" + execution.id()
                        + "\" execution while running \"" + execution.workflowId() + "\" workflow.",
                null);
    }
}
