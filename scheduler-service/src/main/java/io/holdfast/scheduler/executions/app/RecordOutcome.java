package io.holdfast.scheduler.executions.app;

import io.holdfast.contracts.events.SchedulerCommand.RecordWorkflowOutcome;
import io.holdfast.messaging.UnprocessableMessage;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Writes down what a worker says became of an execution, if the worker still holds it. */
@ApplicationScoped
public class RecordOutcome {

    private static final Logger LOG = Logger.getLogger(RecordOutcome.class);

    private final Executions executions;
    private final Changes changes;

    RecordOutcome(Executions executions, Changes changes) {
        this.executions = executions;
        this.changes = changes;
    }

    @Transactional
    public void record(RecordWorkflowOutcome outcome) {
        ExecutionStatus reported = ExecutionStatus.find(outcome.status())
                .filter(status -> status == ExecutionStatus.STARTED || status.isEnded())
                .orElseThrow(() -> new UnprocessableMessage(
                        "SCHEMA_VIOLATION", "a worker cannot report status " + outcome.status()));
        Optional<Execution> found = executions.lock(outcome.tenantName(), outcome.executionId());
        if (found.isEmpty()) {
            LOG.infof("Outcome of execution %s is dropped: there is no such execution", outcome.executionId());
            return;
        }
        Execution execution = found.get();
        if (!outcome.token().equals(execution.dispatchToken()) || outcome.epoch() != execution.restoreEpoch()) {
            LOG.infof(
                    "Outcome %s of execution %s is refused: it is of an earlier dispatch or from before a restore",
                    outcome.status(), execution.id());
            return;
        }
        apply(execution, reported, outcome);
    }

    private void apply(Execution execution, ExecutionStatus reported, RecordWorkflowOutcome outcome) {
        Instant at = outcome.at();
        switch (execution.status()) {
            case PENDING -> {
                if (reported == ExecutionStatus.FAILED) {
                    end(execution, reported, outcome);
                } else {
                    Execution started = changes.started(execution, at, Executions.WORKER);
                    if (reported != ExecutionStatus.STARTED) {
                        apply(started, reported, outcome);
                    }
                }
            }
            case STARTED -> {
                if (reported == ExecutionStatus.CANCELLED) {
                    end(
                            changes.stopping(execution, ExecutionStatus.CANCELLING, at, Executions.WORKER),
                            reported,
                            outcome);
                } else if (reported != ExecutionStatus.STARTED) {
                    end(execution, reported, outcome);
                }
            }
            case CANCELLING -> {
                if (reported != ExecutionStatus.STARTED) {
                    end(execution, reported, outcome);
                }
            }
            case FORCE_CANCELLING, KILL_CANCELLING -> {
                if (reported != ExecutionStatus.STARTED) {
                    end(execution, ExecutionStatus.CANCELLED, outcome);
                }
            }
            default ->
                LOG.infof(
                        "Outcome %s of execution %s changes nothing: it is %s",
                        outcome.status(), execution.id(), execution.status().wireName());
        }
    }

    private void end(Execution execution, ExecutionStatus status, RecordWorkflowOutcome outcome) {
        String reason = status == ExecutionStatus.FAILED ? Changes.WORKFLOW_FAILED : null;
        changes.ended(execution, status, outcome.error(), reason, outcome.at(), Executions.WORKER);
    }
}
