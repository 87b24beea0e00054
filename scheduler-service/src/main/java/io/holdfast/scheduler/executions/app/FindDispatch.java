package io.holdfast.scheduler.executions.app;

import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
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

    private final Executions executions;

    FindDispatch(Executions executions) {
        this.executions = executions;
    }

    /**
     * The present dispatch.
     *
     * @param token null: nobody has it
     * @param active whether it is pending, running or stopping
     */
    public record Dispatch(@Nullable String token, @Nullable String createdBy, boolean active) {}

    @Transactional
    public Optional<Dispatch> find(String tenantName, String id) {
        return executions.find(tenantName, id).map(FindDispatch::of);
    }

    private static Dispatch of(Execution execution) {
        return new Dispatch(execution.dispatchToken(), execution.createdBy(), ACTIVE.contains(execution.status()));
    }
}
