package io.holdfast.restore.requests.app;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.restore.requests.ExecutionReports;
import io.holdfast.restore.requests.MaintenanceGate;
import io.holdfast.restore.requests.Restore;
import io.holdfast.restore.requests.RestoreConfig;
import io.holdfast.restore.requests.Restores;
import io.holdfast.restore.rule.Decision;
import io.holdfast.restore.staging.StateStaging;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What has to happen after a restore, however it ended; all of it can be done again, so a dead instance's restore is ended by another. */
@ApplicationScoped
public class EndRestore {

    /** The error of a restore whose instance died. */
    public static final String INTERRUPTED = "interrupted before the swap; nothing was changed";

    private static final Logger LOG = Logger.getLogger(EndRestore.class);

    private final RestoreSteps steps;
    private final Restores restores;
    private final StateStaging staging;
    private final MaintenanceGate gate;
    private final ExecutionReports executions;
    private final RestoreConfig config;

    EndRestore(
            RestoreSteps steps,
            Restores restores,
            StateStaging staging,
            MaintenanceGate gate,
            ExecutionReports executions,
            RestoreConfig config) {
        this.steps = steps;
        this.restores = restores;
        this.staging = staging;
        this.gate = gate;
        this.executions = executions;
        this.config = config;
    }

    /** Drops what was staged and ends the record, unless the swap has committed. */
    public void failed(Restore restore, RuntimeException cause) {
        discardStaged(restore);
        boolean ended;
        if (cause instanceof ManagerException refused) {
            ended = fail(restore, refused.detail(), refused.code().wireCode(), refused.hint());
            if (ended) {
                LOG.warnf("Restore %s failed; nothing was changed: %s", restore.id(), refused.detail());
            }
        } else {
            ended = fail(
                    restore,
                    "the restore failed unexpectedly, nothing was changed: " + reason(cause),
                    null,
                    "the log of the restore-service has the cause under restore " + restore.id());
            if (ended) {
                LOG.errorf(cause, "Restore %s failed unexpectedly; nothing was changed", restore.id());
            }
        }
        if (!ended) {
            LOG.warnf(cause, "Restore %s has swapped although its end was not seen", restore.id());
        }
    }

    /** Ends a restore that nobody runs any more. */
    public void interrupted(Restore restore) {
        discardStaged(restore);
        if (fail(restore, INTERRUPTED, null, "ask for the restore again")) {
            LOG.warnf("Restore %s was %s", restore.id(), INTERRUPTED);
        }
    }

    /** What waits behind the execution does not wait for the event to arrive. */
    private boolean fail(Restore restore, String error, @Nullable String errorCode, @Nullable String hint) {
        boolean ended = steps.fail(restore, error, errorCode, hint);
        if (ended && !restore.options().dryRun()) {
            executions.report(restore, "failed", error);
        }
        return ended;
    }

    /** Before the record ends, because then another restore may begin to stage in the same place. */
    private void discardStaged(Restore restore) {
        try {
            staging.discard();
        } catch (RuntimeException e) {
            LOG.warnf(e, "What restore %s had staged could not be dropped; the next restore does so", restore.id());
        }
    }

    /** Writes the log lines that are still owed, removes the work file, opens the gate. */
    public void finish(Restore restore) {
        if (!restore.status().isFinal()) {
            throw new IllegalArgumentException("restore " + restore.id() + " has not ended");
        }
        if (!restore.linesLogged()) {
            restores.forEachDecision(restore.id(), EndRestore::log);
            steps.linesLogged(restore.id());
        }
        delete(config.workFile(restore.id()));
        if (restore.gateHeld()) {
            gate.leave(restore.id(), restore.requestedBy());
            steps.gateHeld(restore.id(), false);
        }
    }

    /** The overdue line is a promise to users: at INFO, exactly this text. */
    private static void log(Decision decision) {
        if (decision.knownBefore()) {
            LOG.debugf(
                    "Execution %s is %s again, as it was before the restore",
                    decision.executionId(), decision.fate().wireName());
            return;
        }
        switch (decision.fate()) {
            case OVERDUE -> LOG.info(decision.text());
            case INVALID_SCHEDULE -> LOG.warn(decision.text());
            case CANCELLED ->
                LOG.infof("Execution %s was %s. %s", decision.executionId(), decision.fromStatus(), decision.text());
            case RESCHEDULED ->
                LOG.debugf("Restoring execution %s (at %s)", decision.executionId(), decision.scheduledFor());
            default ->
                LOG.debugf(
                        "Execution %s: %s",
                        decision.executionId(), decision.fate().wireName());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warnf("The work file %s could not be removed: %s", file, e);
        }
    }

    private static String reason(Throwable cause) {
        Throwable deepest = cause;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage();
        return message == null ? deepest.getClass().getSimpleName() : message;
    }
}
