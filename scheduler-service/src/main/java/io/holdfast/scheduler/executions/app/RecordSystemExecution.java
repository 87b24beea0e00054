package io.holdfast.scheduler.executions.app;

import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows work that another service does (a snapshot, a restore) as a system execution. Idempotent and one-way: what is reported late
 * or twice never takes an execution back.
 */
@ApplicationScoped
public class RecordSystemExecution {

    private final Executions executions;
    private final Changes changes;

    RecordSystemExecution(Executions executions, Changes changes) {
        this.executions = executions;
        this.changes = changes;
    }

    /**
     * What is known of it.
     *
     * @param status null: it has only begun to exist
     * @param at when that status was reached
     */
    public record Report(
            String tenantName,
            String id,
            String workflowId,
            ExecutionStatus status,
            @Nullable Map<String, Object> parameters,
            @Nullable String error,
            @Nullable String createdBy,
            @Nullable Instant createdAt,
            Instant at) {}

    /** The execution as it stands after the report. */
    @Transactional
    public Execution record(Report report) {
        Execution fresh = fresh(report);
        executions.add(fresh);
        Optional<Execution> locked = executions.lock(report.tenantName(), report.id());
        Execution execution = locked.orElseThrow(
                () -> new IllegalStateException("execution " + report.id() + " vanished while it was recorded"));
        ExecutionStatus now = execution.status();
        ExecutionStatus to = report.status();
        if (now == to || now.isEnded() || to == ExecutionStatus.PENDING) {
            return execution;
        }
        if (now == ExecutionStatus.PENDING && (to == ExecutionStatus.STARTED || to == ExecutionStatus.TERMINATED)) {
            execution = changes.started(execution, report.at(), Executions.WORKER);
        }
        if (to == ExecutionStatus.TERMINATED || to == ExecutionStatus.FAILED) {
            String reason = to == ExecutionStatus.FAILED ? Changes.WORKFLOW_FAILED : null;
            return changes.ended(execution, to, report.error(), reason, report.at(), Executions.WORKER);
        }
        return execution;
    }

    private Execution fresh(Report report) {
        Instant createdAt = report.createdAt();
        return new Execution(
                report.tenantName(),
                report.id(),
                report.workflowId(),
                null,
                null,
                null,
                ExecutionStatus.PENDING,
                report.parameters(),
                true,
                false,
                false,
                false,
                null,
                null,
                null,
                null,
                null,
                createdAt == null ? report.at() : createdAt,
                null,
                null,
                "tenant",
                report.createdBy(),
                null,
                executions.epoch(),
                Execution.Turn.ORDINARY);
    }
}
