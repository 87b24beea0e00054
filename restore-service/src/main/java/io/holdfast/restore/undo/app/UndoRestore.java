package io.holdfast.restore.undo.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.restore.plan.CleanManager;
import io.holdfast.restore.plan.ManagerContents;
import io.holdfast.restore.requests.Claims;
import io.holdfast.restore.requests.Claims.Claim;
import io.holdfast.restore.requests.MaintenanceGate;
import io.holdfast.restore.requests.Restore;
import io.holdfast.restore.requests.app.RestoreSteps;
import io.holdfast.restore.swap.StateSwap;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Makes the state from before a restore live again, behind the closed gate. */
@ApplicationScoped
public class UndoRestore {

    private static final Logger LOG = Logger.getLogger(UndoRestore.class);
    private static final int NAMED_EXECUTIONS = 5;

    /** The caller waits for the answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RestoreSteps steps;
    private final Claims claims;
    private final ManagerContents contents;
    private final MaintenanceGate gate;
    private final StateSwap swap;

    UndoRestore(RestoreSteps steps, Claims claims, ManagerContents contents, MaintenanceGate gate, StateSwap swap) {
        this.steps = steps;
        this.claims = claims;
        this.contents = contents;
        this.gate = gate;
        this.swap = swap;
    }

    /** @throws ManagerException ILLEGAL_ACTION if its former state is not kept; EXISTING_RUNNING_EXECUTION if something is under way */
    public void undo(Restore restore, String undoneBy) {
        if (!restore.undoState().equals("available")) {
            throw new ManagerException(
                    ErrorCode.ILLEGAL_ACTION,
                    "restore `" + restore.id() + "` cannot be undone: its former state is " + was(restore.undoState()),
                    "a former state is kept until the next restore or snapshot, or until it is discarded");
        }
        if (steps.unfinished().stream().anyMatch(other -> !other.status().isFinal())) {
            throw new ManagerException(
                    ErrorCode.EXISTING_RUNNING_EXECUTION, "another restore is running", "wait until it has ended");
        }
        // Held as a restore is, so that another instance opens the gate if this one dies.
        Optional<Claim> taken = claims.tryTake(restore.id());
        if (taken.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.EXISTING_RUNNING_EXECUTION,
                    "restore `" + restore.id() + "` is being finished or undone right now",
                    "try again in a moment");
        }
        try (Claim claim = taken.get()) {
            LOG.debugf("Undoing %s under claim %s", restore.id(), claim.token());
            steps.gateHeld(restore.id(), true);
            gate.enter(restore.id(), undoneBy);
            try {
                CleanManager.refusalForRunning(contents.runningExecutions(NAMED_EXECUTIONS))
                        .ifPresent(UndoRestore::refuse);
                long epoch = swap.undo(restore.id(), undoneBy, PATIENCE);
                LOG.infof("Restore %s is undone by %s: epoch %d", restore.id(), undoneBy, epoch);
            } finally {
                gate.leave(restore.id(), undoneBy);
                steps.gateHeld(restore.id(), false);
            }
        }
    }

    private static String was(String undoState) {
        return undoState.equals("none") ? "not there" : undoState + " already";
    }

    private static void refuse(ManagerException refusal) {
        throw refusal;
    }
}
