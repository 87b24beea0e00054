package io.holdfast.scheduler.executions.app;

import io.holdfast.contracts.events.ExecutionEvent;
import io.holdfast.contracts.events.WorkflowCommand;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionJournal;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What every change of an execution's status brings with it: times, token, the user's event, the fact for other services. */
@ApplicationScoped
class Changes {

    /** How long a worker may take to answer a cancel before the execution is taken from it. */
    static final Duration CANCEL_PATIENCE = Duration.ofSeconds(30);

    /** The workflow ran and failed, or could not run. */
    static final String WORKFLOW_FAILED = "WORKFLOW_FAILED";

    private final Executions executions;
    private final ExecutionJournal journal;
    private final Outbox outbox;

    Changes(Executions executions, ExecutionJournal journal, @OfService("scheduler") Outbox outbox) {
        this.executions = executions;
        this.journal = journal;
        this.outbox = outbox;
    }

    /** A worker has begun. */
    Execution started(Execution execution, Instant at) {
        Execution started = with(
                execution,
                ExecutionStatus.STARTED,
                execution.error(),
                at,
                null,
                execution.resume(),
                execution.dispatchToken());
        executions.update(started, null, null);
        tellStarted(started, at);
        return started;
    }

    void tellStarted(Execution started, Instant at) {
        String verb = started.resume() ? "Resuming '" : "Starting '";
        journal.add(started, "workflow_started", verb + started.workflowId() + "' workflow execution", at, null);
        outbox.append(new ExecutionEvent.Started(started.id(), started.tenantName(), started.workflowId(), at));
    }

    /** It has ended as {@code status}, which must be one of the ends. */
    Execution ended(
            Execution execution,
            ExecutionStatus status,
            @Nullable String error,
            @Nullable String reasonCode,
            Instant at) {
        Execution ended = with(execution, status, error, execution.startedAt(), at, execution.resume(), null);
        executions.update(ended, reasonCode, null);
        tellEnded(ended, reasonCode, at);
        return ended;
    }

    void tellEnded(Execution ended, @Nullable String reasonCode, Instant at) {
        String name = "'" + ended.workflowId() + "' workflow execution";
        String error = ended.error();
        if (ended.status() == ExecutionStatus.TERMINATED) {
            journal.add(ended, "workflow_succeeded", name + " succeeded", at, null);
            outbox.append(new ExecutionEvent.Succeeded(ended.id(), ended.tenantName(), ended.workflowId(), at));
        } else if (ended.status() == ExecutionStatus.FAILED) {
            String why = error == null ? "no reason was given" : error;
            journal.add(ended, "workflow_failed", name + " failed: " + why, at, error);
            outbox.append(new ExecutionEvent.Failed(
                    ended.id(),
                    ended.tenantName(),
                    ended.workflowId(),
                    reasonCode == null ? WORKFLOW_FAILED : reasonCode,
                    why,
                    at));
        } else {
            journal.add(ended, "workflow_cancelled", name + " cancelled", at, null);
            outbox.append(new ExecutionEvent.Cancelled(ended.id(), ended.tenantName(), ended.workflowId(), error, at));
        }
    }

    /** On its way to an end that a worker, or in the end the sweep, will confirm. */
    Execution stopping(Execution execution, ExecutionStatus status, Instant at) {
        Execution stopping = with(
                execution,
                status,
                execution.error(),
                execution.startedAt(),
                null,
                execution.resume(),
                execution.dispatchToken());
        executions.update(stopping, null, at.plus(CANCEL_PATIENCE));
        return stopping;
    }

    /** From an end, or from a worker that is lost, back to a worker under a new token. */
    Execution resumed(Execution execution) {
        Execution pending = with(
                execution,
                ExecutionStatus.PENDING,
                null,
                execution.startedAt(),
                null,
                true,
                UUID.randomUUID().toString());
        executions.update(pending, null, null);
        askWorker(pending);
        return pending;
    }

    /** The command that makes a worker run it. */
    void askWorker(Execution pending) {
        String token = pending.dispatchToken();
        if (token == null) {
            throw new IllegalStateException("execution " + pending.id() + " has no token to run under");
        }
        Map<String, Object> parameters = pending.parameters();
        outbox.append(new WorkflowCommand.StartExecution(
                pending.id(),
                pending.tenantName(),
                pending.workflowId(),
                pending.deploymentId(),
                pending.deploymentDisplayName(),
                pending.blueprintId(),
                parameters == null ? Map.of() : parameters,
                pending.dryRun(),
                pending.systemWorkflow(),
                pending.resume(),
                pending.createdBy(),
                token,
                pending.restoreEpoch(),
                pending.turn().attempt()));
    }

    private static Execution with(
            Execution execution,
            ExecutionStatus status,
            @Nullable String error,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            boolean resume,
            @Nullable String token) {
        return new Execution(
                execution.tenantName(),
                execution.id(),
                execution.workflowId(),
                execution.deploymentId(),
                execution.deploymentDisplayName(),
                execution.blueprintId(),
                status,
                execution.parameters(),
                execution.systemWorkflow(),
                execution.dryRun(),
                execution.allowCustomParameters(),
                resume,
                error,
                execution.totalOperations(),
                execution.finishedOperations(),
                execution.scheduledFor(),
                execution.createdAt(),
                startedAt,
                endedAt,
                execution.visibility(),
                execution.createdBy(),
                token,
                execution.restoreEpoch(),
                execution.turn());
    }
}
