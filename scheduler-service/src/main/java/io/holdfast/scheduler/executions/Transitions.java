package io.holdfast.scheduler.executions;

import static io.holdfast.scheduler.executions.ExecutionStatus.CANCELLED;
import static io.holdfast.scheduler.executions.ExecutionStatus.CANCELLING;
import static io.holdfast.scheduler.executions.ExecutionStatus.FAILED;
import static io.holdfast.scheduler.executions.ExecutionStatus.FORCE_CANCELLING;
import static io.holdfast.scheduler.executions.ExecutionStatus.KILL_CANCELLING;
import static io.holdfast.scheduler.executions.ExecutionStatus.PENDING;
import static io.holdfast.scheduler.executions.ExecutionStatus.QUEUED;
import static io.holdfast.scheduler.executions.ExecutionStatus.SCHEDULED;
import static io.holdfast.scheduler.executions.ExecutionStatus.STARTED;
import static io.holdfast.scheduler.executions.ExecutionStatus.TERMINATED;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Every legal change of an execution's status and what may cause it. The same rows are in the table {@code execution_transitions},
 * whose trigger refuses anything else even from hand-made SQL; a test holds the two together.
 */
public final class Transitions {

    private Transitions() {}

    /** What makes an execution change. The restore-service uses the causes of a restore. */
    public enum Cause {
        DISPATCH,
        DEPLOYMENT_BUSY,
        OVERDUE_AT_RESTORE,
        INVALID_SCHEDULE,
        MISSED,
        PREPARATION_ERROR,
        DEQUEUE,
        CANCEL,
        FORCE_CANCEL,
        KILL,
        EXECUTOR,
        RESUME,
        WORKER_LOST,
        RESTORE
    }

    /** One row of the table. */
    public record Transition(ExecutionStatus from, ExecutionStatus to, Cause cause) {}

    /** The whole table. */
    public static final List<Transition> ALL = table();

    private static final Set<Transition> LEGAL = Set.copyOf(ALL);

    /** Causes by which a client of the API may report a status; it may not dispatch or resume that way. */
    private static final List<Cause> REPORTABLE = List.of(
            Cause.EXECUTOR, Cause.CANCEL, Cause.FORCE_CANCEL, Cause.KILL, Cause.RESTORE, Cause.PREPARATION_ERROR);

    /** Whether {@code cause} may take an execution from one status to the other. Staying where it is, is always legal and no change. */
    public static boolean isLegal(ExecutionStatus from, ExecutionStatus to, Cause cause) {
        return from == to || LEGAL.contains(new Transition(from, to, cause));
    }

    /**
     * Whether a client of the API may report that an execution has gone from one status to the other. One that is being cancelled is
     * reported to be cancelled or to have failed only: it is stopped harder by an action, and a worker of ours that has come to its end
     * all the same says so over its own channel. Source: cloudify-api section 4.
     */
    public static boolean isReportable(ExecutionStatus from, ExecutionStatus to) {
        boolean beingCancelled = from == CANCELLING || from == FORCE_CANCELLING;
        if (beingCancelled && from != to && to != CANCELLED && to != FAILED) {
            return false;
        }
        return REPORTABLE.stream().anyMatch(cause -> isLegal(from, to, cause));
    }

    private static List<Transition> table() {
        List<Transition> rows = new ArrayList<>();
        rows.add(new Transition(SCHEDULED, PENDING, Cause.DISPATCH));
        rows.add(new Transition(SCHEDULED, QUEUED, Cause.DEPLOYMENT_BUSY));
        rows.add(new Transition(SCHEDULED, FAILED, Cause.OVERDUE_AT_RESTORE));
        rows.add(new Transition(SCHEDULED, FAILED, Cause.INVALID_SCHEDULE));
        rows.add(new Transition(SCHEDULED, FAILED, Cause.MISSED));
        rows.add(new Transition(SCHEDULED, CANCELLED, Cause.CANCEL));
        rows.add(new Transition(QUEUED, PENDING, Cause.DEQUEUE));
        rows.add(new Transition(QUEUED, CANCELLED, Cause.CANCEL));
        rows.add(new Transition(QUEUED, FAILED, Cause.PREPARATION_ERROR));
        rows.add(new Transition(PENDING, STARTED, Cause.EXECUTOR));
        rows.add(new Transition(PENDING, FAILED, Cause.EXECUTOR));
        rows.add(new Transition(PENDING, TERMINATED, Cause.RESTORE));
        rows.add(new Transition(STARTED, TERMINATED, Cause.EXECUTOR));
        rows.add(new Transition(STARTED, TERMINATED, Cause.RESTORE));
        rows.add(new Transition(STARTED, FAILED, Cause.EXECUTOR));
        rows.add(new Transition(STARTED, PENDING, Cause.RESUME));
        rows.add(new Transition(CANCELLING, CANCELLED, Cause.EXECUTOR));
        rows.add(new Transition(CANCELLING, FAILED, Cause.EXECUTOR));
        rows.add(new Transition(CANCELLING, TERMINATED, Cause.EXECUTOR));
        rows.add(new Transition(FORCE_CANCELLING, CANCELLED, Cause.EXECUTOR));
        rows.add(new Transition(FORCE_CANCELLING, FAILED, Cause.EXECUTOR));
        rows.add(new Transition(KILL_CANCELLING, CANCELLED, Cause.EXECUTOR));
        rows.add(new Transition(KILL_CANCELLING, FAILED, Cause.EXECUTOR));
        for (ExecutionStatus from : List.of(PENDING, STARTED)) {
            rows.add(new Transition(from, FAILED, Cause.WORKER_LOST));
            rows.add(new Transition(from, CANCELLING, Cause.CANCEL));
        }
        for (ExecutionStatus from : List.of(PENDING, STARTED, CANCELLING)) {
            rows.add(new Transition(from, FORCE_CANCELLING, Cause.FORCE_CANCEL));
        }
        for (ExecutionStatus from : List.of(PENDING, STARTED, CANCELLING, FORCE_CANCELLING)) {
            rows.add(new Transition(from, KILL_CANCELLING, Cause.KILL));
        }
        for (ExecutionStatus from : List.of(PENDING, STARTED, CANCELLING, FORCE_CANCELLING, KILL_CANCELLING)) {
            rows.add(new Transition(from, CANCELLED, Cause.RESTORE));
        }
        for (ExecutionStatus from : List.of(FAILED, CANCELLED)) {
            rows.add(new Transition(from, PENDING, Cause.RESUME));
            rows.add(new Transition(from, QUEUED, Cause.RESUME));
        }
        return List.copyOf(rows);
    }
}
