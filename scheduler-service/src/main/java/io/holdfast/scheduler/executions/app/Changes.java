package io.holdfast.scheduler.executions.app;

import io.holdfast.contracts.events.ExecutionEvent;
import io.holdfast.contracts.events.WorkflowCommand;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionJournal;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import io.holdfast.scheduler.executions.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What every change of an execution's status brings with it: times, token, the user's event, the fact for other services. */
@ApplicationScoped
class Changes {

    /** How long a worker may take to answer a cancel before the execution is taken from it. */
    static final Duration CANCEL_PATIENCE = Duration.ofSeconds(30);

    /** The workflow ran and failed, or could not run. */
    static final String WORKFLOW_FAILED = "WORKFLOW_FAILED";

    /** More of them are released by the sweep. */
    private static final int RELEASED_AT_ONCE = 500;

    /** A user asked for it, or its worker was lost. */
    static final String RESUMED_BY_USER = "USER";

    static final String WORKER_LOST = "WORKER_LOST";

    private final Executions executions;
    private final Turns turns;
    private final LeaseConfig leases;
    private final ExecutionJournal journal;
    private final Outbox outbox;

    Changes(
            Executions executions,
            Turns turns,
            LeaseConfig leases,
            ExecutionJournal journal,
            @OfService("scheduler") Outbox outbox) {
        this.executions = executions;
        this.turns = turns;
        this.leases = leases;
        this.journal = journal;
        this.outbox = outbox;
    }

    /** Who writes into the execution's journal that it has begun or ended. */
    enum Line {
        OURS,
        /** Its worker, which sends events of its own. */
        OF_WORKER
    }

    /** A worker has begun. {@code changedBy} of this and the others: see {@link Executions#update}. */
    Execution started(Execution execution, Instant at, @Nullable String changedBy) {
        return started(execution, at, changedBy, Line.OURS);
    }

    Execution started(Execution execution, Instant at, @Nullable String changedBy, Line line) {
        Execution started = with(
                execution,
                ExecutionStatus.STARTED,
                text(execution.error()),
                at,
                null,
                execution.resume(),
                execution.dispatchToken(),
                execution.turn());
        int version = executions.update(started, null, null, changedBy);
        tellStarted(started, version, at, line);
        return started;
    }

    private void tellStarted(Execution started, int version, Instant at, Line line) {
        String verb = started.resume() ? "Resuming '" : "Starting '";
        tell(
                started,
                "workflow_started",
                verb + started.workflowId() + "' workflow execution" + dryRun(started),
                at,
                null,
                line);
        outbox.append(
                new ExecutionEvent.Started(started.id(), started.tenantName(), started.workflowId(), at), version);
    }

    /** It has ended as {@code status}, which must be one of the ends. Whoever waited for its place goes in the same transaction. */
    Execution ended(
            Execution execution,
            ExecutionStatus status,
            @Nullable String error,
            @Nullable String reasonCode,
            Instant at,
            @Nullable String changedBy) {
        return ended(execution, status, error, reasonCode, at, changedBy, Line.OURS);
    }

    Execution ended(
            Execution execution,
            ExecutionStatus status,
            @Nullable String error,
            @Nullable String reasonCode,
            Instant at,
            @Nullable String changedBy,
            Line line) {
        Execution ended = endedAlone(execution, status, error, reasonCode, at, changedBy, line);
        releasedAfter(ended);
        return ended;
    }

    /** As the others; whoever ends it sees to it that what waited for its place goes. */
    Execution endedAlone(
            Execution execution,
            ExecutionStatus status,
            @Nullable String error,
            @Nullable String reasonCode,
            Instant at,
            @Nullable String changedBy,
            Line line) {
        // Operations that a cancelled workflow has left running report their ends with the same token, see
        // FindDispatch.
        String token = status == ExecutionStatus.CANCELLED && execution.hasUnfinishedOperations()
                ? execution.dispatchToken()
                : null;
        Execution ended = with(
                execution, status, text(error), execution.startedAt(), at, execution.resume(), token, execution.turn());
        int version = executions.update(ended, reasonCode, null, changedBy);
        tellEnded(ended, error, version, reasonCode, at, line);
        return ended;
    }

    /** Once a worker has it an execution has an error, which is empty where nothing went wrong: as in the existing API. */
    private static String text(@Nullable String error) {
        return error == null ? "" : error;
    }

    private static String dryRun(Execution execution) {
        return execution.dryRun() ? " (dry run)" : "";
    }

    private void tell(
            Execution execution, String eventType, String message, Instant at, @Nullable String error, Line line) {
        if (line == Line.OURS) {
            journal.add(execution, eventType, message, at, error);
        }
    }

    private void tellEnded(
            Execution ended, @Nullable String error, int version, @Nullable String reasonCode, Instant at, Line line) {
        String name = "'" + ended.workflowId() + "' workflow execution";
        if (ended.status() == ExecutionStatus.TERMINATED) {
            tell(ended, "workflow_succeeded", name + " succeeded" + dryRun(ended), at, null, line);
            outbox.append(
                    new ExecutionEvent.Succeeded(ended.id(), ended.tenantName(), ended.workflowId(), at), version);
        } else if (ended.status() == ExecutionStatus.FAILED) {
            String why = error == null || error.isEmpty() ? "no reason was given" : error;
            tell(ended, "workflow_failed", name + " failed: " + why, at, error, line);
            outbox.append(
                    new ExecutionEvent.Failed(
                            ended.id(),
                            ended.tenantName(),
                            ended.workflowId(),
                            reasonCode == null ? WORKFLOW_FAILED : reasonCode,
                            why,
                            at),
                    version);
        } else {
            tell(ended, "workflow_cancelled", name + " cancelled", at, null, line);
            outbox.append(
                    new ExecutionEvent.Cancelled(ended.id(), ended.tenantName(), ended.workflowId(), error, at),
                    version);
        }
    }

    /** On its way to an end that a worker, or in the end the sweep, will confirm. */
    Execution stopping(Execution execution, ExecutionStatus status, Instant at, @Nullable String changedBy) {
        Execution stopping = with(
                execution,
                status,
                text(execution.error()),
                execution.startedAt(),
                null,
                execution.resume(),
                execution.dispatchToken(),
                execution.turn());
        executions.update(stopping, null, at.plus(CANCEL_PATIENCE), changedBy);
        String token = stopping.dispatchToken();
        if (token != null) {
            outbox.append(new WorkflowCommand.StopExecution(
                    stopping.id(), stopping.tenantName(), stopMode(status), token, stopping.restoreEpoch()));
        }
        return stopping;
    }

    private static String stopMode(ExecutionStatus status) {
        return switch (status) {
            case CANCELLING -> "cancel";
            case FORCE_CANCELLING -> "force-cancel";
            case KILL_CANCELLING -> "kill";
            default -> throw new IllegalArgumentException(status + " is no way to stop");
        };
    }

    /**
     * From an end, or from a worker that is lost, back to a worker under a new token. It is of the present epoch from then on: a worker
     * refuses commands of an earlier one, and an execution that ended before a restore still carries its own.
     */
    Execution resumed(Execution execution, String reasonCode, Instant at, @Nullable String changedBy) {
        Execution pending = with(
                execution,
                Math.max(execution.restoreEpoch(), executions.epoch()),
                ExecutionStatus.PENDING,
                null,
                execution.startedAt(),
                null,
                true,
                UUID.randomUUID().toString(),
                execution.turn().handedOutAgain());
        int version = executions.update(pending, null, at.plus(leases.start()), changedBy);
        askWorker(pending);
        tellResumed(pending, version, reasonCode, pending.turn().attempt(), at);
        return pending;
    }

    private void tellResumed(Execution resumed, int version, String reasonCode, int attempt, Instant at) {
        outbox.append(
                new ExecutionEvent.Resumed(
                        resumed.id(), resumed.tenantName(), resumed.workflowId(), reasonCode, attempt, at),
                version);
    }

    /** From an end back to where it waits for its turn; what is handed out then resumes it. See {@link #resumed} on epochs. */
    Execution queuedToResume(Execution execution, Instant at, @Nullable String changedBy) {
        Execution queued = with(
                execution,
                Math.max(execution.restoreEpoch(), executions.epoch()),
                ExecutionStatus.QUEUED,
                null,
                execution.startedAt(),
                null,
                true,
                null,
                execution.turn());
        int version = executions.update(queued, null, null, changedBy);
        tellResumed(queued, version, RESUMED_BY_USER, queued.turn().attempt() + 1, at);
        return queued;
    }

    /** Hands it out if it is queued and its turn has come. */
    void released(Execution queued) {
        turns.release(queued.tenantName(), queued.id(), leases.start());
    }

    /** Hands out what waited for the place of one that has ended. */
    void releasedAfter(Execution ended) {
        if (ended.systemWorkflow()) {
            releasedAny();
        } else {
            turns.releaseAfter(ended, leases.start());
        }
    }

    /** Hands out the first {@value #RELEASED_AT_ONCE} that are queued and whose turn has come. */
    void releasedAny() {
        turns.releaseAny(RELEASED_AT_ONCE, leases.start());
    }

    /** Hands out those of a tenant whose turn has come; of those with a concurrency key the first {@value #RELEASED_AT_ONCE}. */
    void releasedInTurn(String tenantName, List<Execution> queued) {
        Set<String> keys = new LinkedHashSet<>();
        for (Execution execution : queued) {
            String key = execution.turn().concurrencyKey();
            if (key == null) {
                released(execution);
            } else {
                keys.add(key);
            }
        }
        keys.forEach(key -> releasedOfKey(tenantName, key));
    }

    /** Hands out the first {@value #RELEASED_AT_ONCE} that are queued with this concurrency key and whose turn has come; the sweep sees to more. */
    void releasedOfKey(String tenantName, String concurrencyKey) {
        turns.releaseKey(tenantName, concurrencyKey, RELEASED_AT_ONCE, leases.start());
    }

    /** Adds an execution; one that is pending under a token is handed to a worker. False if there is one with this id. */
    boolean added(Execution execution, Instant at) {
        boolean handedOut = execution.status() == ExecutionStatus.PENDING && execution.dispatchToken() != null;
        boolean added = executions.add(execution, handedOut ? at.plus(leases.start()) : null);
        if (added && handedOut) {
            askWorker(execution);
        }
        return added;
    }

    /** The command that makes a worker run it; its message id is the token, so that it can be sent again. */
    private void askWorker(Execution pending) {
        String token = pending.dispatchToken();
        if (token == null) {
            throw new IllegalStateException("execution " + pending.id() + " has no token to run under");
        }
        Map<String, Object> parameters = pending.parameters();
        WorkflowCommand.StartExecution command = new WorkflowCommand.StartExecution(
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
                pending.turn().attempt(),
                pending.waitAfterFail());
        outbox.appendRebuildable(command, UUID.fromString(token));
    }

    private static Execution with(
            Execution execution,
            ExecutionStatus status,
            @Nullable String error,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            boolean resume,
            @Nullable String token,
            Execution.Turn turn) {
        return with(execution, execution.restoreEpoch(), status, error, startedAt, endedAt, resume, token, turn);
    }

    private static Execution with(
            Execution execution,
            long epoch,
            ExecutionStatus status,
            @Nullable String error,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            boolean resume,
            @Nullable String token,
            Execution.Turn turn) {
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
                execution.waitAfterFail(),
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
                epoch,
                turn);
    }
}
