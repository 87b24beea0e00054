package io.holdfast.scheduler.groups.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.scheduler.executions.Action;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import io.holdfast.scheduler.executions.app.ChangeExecution;
import io.holdfast.scheduler.limits.Limit;
import io.holdfast.scheduler.limits.app.ChangeLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;

/** Cancels, kills or resumes the executions of a group, and changes how many of them run at once. */
@ApplicationScoped
public class ChangeGroup {

    private static final int MOST_AT_ONCE = 1_000_000;

    private final GroupRecords records;
    private final Executions executions;
    private final ChangeExecution change;
    private final ChangeLimits limits;

    ChangeGroup(GroupRecords records, Executions executions, ChangeExecution change, ChangeLimits limits) {
        this.records = records;
        this.executions = executions;
        this.change = change;
        this.limits = limits;
    }

    /** Does it to every execution that its status allows it for; the others stay as they are. */
    @Transactional
    public void act(String tenantName, String id, Action action, String changedBy) {
        for (String executionId : members(tenantName, id)) {
            Execution execution = executions.lock(tenantName, executionId).orElse(null);
            if (execution != null && allows(execution, action)) {
                change.act(tenantName, executionId, action, changedBy);
            }
        }
    }

    private static boolean allows(Execution execution, Action action) {
        boolean resume = action == Action.RESUME || action == Action.FORCE_RESUME;
        if (resume && execution.status() == ExecutionStatus.STARTED) {
            // Of a single execution that is a repair; here it would restart what runs well.
            return false;
        }
        try {
            action.appliedTo(execution);
            return true;
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.ILLEGAL_ACTION || e.code() == ErrorCode.CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    @Transactional
    public void concurrency(String tenantName, String id, int concurrency) {
        requireConcurrency(concurrency);
        members(tenantName, id);
        records.concurrency(tenantName, id, concurrency);
        limits.put(new Limit(tenantName, StartGroup.key(id), concurrency, null, null));
    }

    private List<String> members(String tenantName, String id) {
        return records.members(tenantName, id)
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.NOT_FOUND, "Requested `ExecutionGroup` with ID `" + id + "` was not found", null));
    }

    static void requireConcurrency(int concurrency) {
        if (concurrency < 1 || concurrency > MOST_AT_ONCE) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "concurrency is " + concurrency + ", expected how many executions may run at once: 1 to "
                            + MOST_AT_ONCE,
                    null);
        }
    }
}
