package io.holdfast.restore.requests.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.RestoreEvent;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.restore.plan.CleanManager;
import io.holdfast.restore.plan.ManagerContents;
import io.holdfast.restore.requests.Restore;
import io.holdfast.restore.requests.RestoreOptions;
import io.holdfast.restore.requests.Restores;
import io.holdfast.restore.requests.SnapshotArchives;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/** Takes a request for a restore, or refuses it without leaving anything behind. */
@ApplicationScoped
public class RequestRestore {

    /** The API's texts name a few. */
    static final int NAMED_EXECUTIONS = 5;

    private final Restores restores;
    private final SnapshotArchives archives;
    private final ManagerContents contents;
    private final CompareClocks clocks;
    private final Outbox outbox;
    private final Clock clock;

    RequestRestore(
            Restores restores,
            SnapshotArchives archives,
            ManagerContents contents,
            CompareClocks clocks,
            @OfService("restore") Outbox outbox,
            Clock clock) {
        this.restores = restores;
        this.archives = archives;
        this.contents = contents;
        this.clocks = clocks;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * Notes the restore; a worker runs it.
     *
     * @throws ManagerException NOT_FOUND, SNAPSHOT_ACTION, IN_SNAPSHOT_RESTORE, EXISTING_RUNNING_EXECUTION, MANAGER_NOT_CLEAN,
     *     CLOCKS_DISAGREE
     */
    @Transactional
    public Restore request(String snapshotId, String tenantName, String requestedBy, RestoreOptions options) {
        archives.requireRestorable(snapshotId, tenantName);
        String id = UUID.randomUUID().toString();
        if (!options.dryRun()) {
            clocks.compare(options.acceptClockSkew());
            CleanManager.refusalForRunning(contents.runningExecutions(NAMED_EXECUTIONS))
                    .ifPresent(RequestRestore::refuse);
            if (!options.force()) {
                CleanManager.refusal(contents.holdings()).ifPresent(RequestRestore::refuse);
            }
        }
        Instant now = clock.instant();
        if (!restores.add(id, snapshotId, tenantName, requestedBy, now, options)) {
            String other = restores.unfinished().stream()
                    .filter(restore -> !restore.status().isFinal())
                    .map(restore -> (restore.options().dryRun() ? "the plan" : "the restore") + " of snapshot `"
                            + restore.snapshotId() + "` (" + restore.id() + ")")
                    .findFirst()
                    .orElse("another restore");
            throw new ManagerException(
                    ErrorCode.EXISTING_RUNNING_EXECUTION,
                    "Cannot start execution because there are other executions running e.g.: " + other,
                    "wait until it has ended");
        }
        if (!options.dryRun()) {
            outbox.append(new RestoreEvent.Requested(id, snapshotId, tenantName, requestedBy, options.force(), now));
        }
        return restores.find(id).orElseThrow();
    }

    private static void refuse(ManagerException refusal) {
        throw refusal;
    }
}
