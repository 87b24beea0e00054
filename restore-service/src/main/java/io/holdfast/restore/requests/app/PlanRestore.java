package io.holdfast.restore.requests.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.restore.plan.CleanManager;
import io.holdfast.restore.plan.Holding;
import io.holdfast.restore.plan.ManagerContents;
import io.holdfast.restore.requests.Restore;
import io.holdfast.restore.requests.RestoreOptions;
import io.holdfast.restore.requests.RestoreStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Says what a restore would do: does it in the staged schemas, lets the restore rule decide, and drops it all. */
@ApplicationScoped
public class PlanRestore {

    /** The caller waits; what takes longer is looked up by its id. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final long LOOK_MILLIS = 100;

    private final RequestRestore request;
    private final FindRestores find;
    private final ManagerContents contents;
    private final Clock clock;

    PlanRestore(RequestRestore request, FindRestores find, ManagerContents contents, Clock clock) {
        this.request = request;
        this.find = find;
        this.contents = contents;
        this.clock = clock;
    }

    /**
     * @param rehearsal the dry run, usually ended
     * @param holdings what the restore would replace
     * @param refusals why it would not be done
     */
    public record Plan(Restore rehearsal, List<Holding> holdings, List<ManagerException> refusals) {}

    /** @param wake begins what was asked for */
    public Plan plan(String snapshotId, String tenantName, String requestedBy, RestoreOptions options, Runnable wake) {
        Restore rehearsal = request.request(snapshotId, tenantName, requestedBy, options.asDryRun());
        wake.run();
        List<Holding> holdings = contents.holdings();
        List<ManagerException> refusals = new ArrayList<>();
        CleanManager.refusalForRunning(contents.runningExecutions(RequestRestore.NAMED_EXECUTIONS))
                .ifPresent(refusals::add);
        if (!options.force()) {
            CleanManager.refusal(holdings).ifPresent(refusals::add);
        }
        Restore ended = await(rehearsal.id());
        String error = ended.error();
        if (ended.status() == RestoreStatus.FAILED && error != null) {
            refusals.add(new ManagerException(code(ended), error, ended.hint()));
        }
        return new Plan(ended, holdings, refusals);
    }

    private Restore await(String id) {
        Instant givingUp = clock.instant().plus(PATIENCE);
        Restore restore = find.get(id);
        while (!restore.status().isFinal() && clock.instant().isBefore(givingUp)) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return restore;
            }
            restore = find.get(id);
        }
        return restore;
    }

    private static ErrorCode code(Restore restore) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.wireCode().equals(restore.errorCode())) {
                return code;
            }
        }
        return ErrorCode.INTERNAL_SERVER;
    }
}
