package io.holdfast.scheduler.executions.app;

import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers under which token an execution is handed out at present. */
@ApplicationScoped
public class FindDispatch {

    private static final Set<ExecutionStatus> ACTIVE = EnumSet.of(
            ExecutionStatus.PENDING,
            ExecutionStatus.STARTED,
            ExecutionStatus.CANCELLING,
            ExecutionStatus.FORCE_CANCELLING,
            ExecutionStatus.KILL_CANCELLING);

    /** How long operations of a cancelled execution may still report: a bound for those that died and never will. */
    static final Duration LEFT_RUNNING = Duration.ofDays(1);

    private final Executions executions;

    FindDispatch(Executions executions) {
        this.executions = executions;
    }

    /**
     * The present dispatch.
     *
     * @param token null: nobody has it
     * @param active whether it is pending, running or stopping, or was cancelled and has operations that are still to end. Source: the
     *     existing product, where such operations keep what they did, too
     */
    public record Dispatch(@Nullable String token, @Nullable String createdBy, boolean active) {}

    @Transactional
    public Optional<Dispatch> find(String tenantName, String id) {
        return executions.find(tenantName, id).map(this::of);
    }

    private Dispatch of(Execution execution) {
        return new Dispatch(
                execution.dispatchToken(),
                execution.createdBy(),
                ACTIVE.contains(execution.status()) || hasLeftOperationsRunning(execution));
    }

    private boolean hasLeftOperationsRunning(Execution execution) {
        Instant endedAt = execution.endedAt();
        return execution.status() == ExecutionStatus.CANCELLED
                && execution.hasUnfinishedOperations()
                && endedAt != null
                && executions.now().isBefore(endedAt.plus(LEFT_RUNNING));
    }
}
