package io.holdfast.scheduler.executions;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.scheduler.executions.Transitions.Cause;
import java.util.List;
import java.util.stream.Stream;

/** What a user may do to an execution, and to which status it leads. Source: the Cloudify REST API v3.1, executions. */
public enum Action {
    CANCEL("cancel"),
    FORCE_CANCEL("force-cancel"),
    KILL("kill"),
    RESUME("resume"),
    FORCE_RESUME("force-resume"),
    REQUEUE("requeue");

    /** System workflows that a service of its own carries out: nothing could stop or repeat them half way. */
    private static final List<String> UNSTOPPABLE = List.of("create_snapshot", "restore_snapshot", "create_log_bundle");

    private final String wireName;

    Action(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    /** @throws ManagerException BAD_PARAMETERS if there is no such action */
    public static Action of(String wireName) {
        return Stream.of(values())
                .filter(action -> action.wireName.equals(wireName))
                .findFirst()
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "Invalid action: " + wireName
                                + ", Valid action values are: ['cancel', 'force-cancel', 'kill', 'resume', 'force-resume', 'requeue']",
                        null));
    }

    /**
     * The status that this action leads to.
     *
     * @throws ManagerException ILLEGAL_ACTION or CONFLICT if the execution's status does not allow it
     */
    public ExecutionStatus appliedTo(Execution execution) {
        ExecutionStatus from = execution.status();
        if (execution.systemWorkflow() && UNSTOPPABLE.contains(execution.workflowId())) {
            throw new ManagerException(
                    ErrorCode.ILLEGAL_ACTION,
                    "Can't " + wireName + " execution " + execution.id() + " because `" + execution.workflowId()
                            + "` cannot be interrupted or repeated",
                    null);
        }
        return switch (this) {
            case CANCEL -> stopped(execution, ExecutionStatus.CANCELLING, Cause.CANCEL);
            case FORCE_CANCEL -> stopped(execution, ExecutionStatus.FORCE_CANCELLING, Cause.FORCE_CANCEL);
            case KILL -> stopped(execution, ExecutionStatus.KILL_CANCELLING, Cause.KILL);
            case RESUME -> {
                boolean allowed = from == ExecutionStatus.STARTED
                        || from == ExecutionStatus.FAILED
                        || from == ExecutionStatus.CANCELLED;
                yield resumed(execution, allowed);
            }
            case FORCE_RESUME ->
                resumed(execution, from == ExecutionStatus.FAILED || from == ExecutionStatus.CANCELLED);
            case REQUEUE -> {
                if (from != ExecutionStatus.SCHEDULED) {
                    throw conflict(execution);
                }
                yield from;
            }
        };
    }

    /**
     * Whether it makes sense for one of several executions: their statuses may differ. Resuming one that has started is a repair of a
     * single execution; among several it would start again what runs well. What is being killed need not be told again.
     */
    public boolean isOpenTo(Execution execution) {
        ExecutionStatus status = execution.status();
        if (isResume() && status == ExecutionStatus.STARTED) {
            return false;
        }
        if (this == KILL && status == ExecutionStatus.KILL_CANCELLING) {
            return false;
        }
        try {
            appliedTo(execution);
            return true;
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.ILLEGAL_ACTION || e.code() == ErrorCode.CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    public boolean isResume() {
        return this == RESUME || this == FORCE_RESUME;
    }

    /** What waits is cancelled at once: nothing runs of it, so that nobody would confirm it. What is being killed stays so. */
    private ExecutionStatus stopped(Execution execution, ExecutionStatus to, Cause cause) {
        ExecutionStatus from = execution.status();
        if (from.isWaiting()) {
            return ExecutionStatus.CANCELLED;
        }
        if (Transitions.isLegal(from, to, cause) && (from != to || this == KILL)) {
            return to;
        }
        ErrorCode code = this == KILL ? ErrorCode.CONFLICT : ErrorCode.ILLEGAL_ACTION;
        throw new ManagerException(
                code,
                "Can't " + wireName + " execution " + execution.id() + " because it's in status " + from.wireName(),
                null);
    }

    private ExecutionStatus resumed(Execution execution, boolean allowed) {
        if (!allowed) {
            throw conflict(execution);
        }
        return ExecutionStatus.PENDING;
    }

    private ManagerException conflict(Execution execution) {
        return new ManagerException(
                ErrorCode.CONFLICT,
                "Cannot " + wireName + " execution: `" + execution.id() + "` in state: `"
                        + execution.status().wireName() + "`",
                null);
    }
}
