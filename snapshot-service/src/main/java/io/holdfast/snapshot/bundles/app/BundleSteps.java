package io.holdfast.snapshot.bundles.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.snapshot.bundles.LogBundle;
import io.holdfast.snapshot.bundles.LogBundles;
import io.holdfast.snapshot.catalogue.SnapshotStatus;
import io.holdfast.snapshot.store.ArchiveStore;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The transactions of a log bundle's life: each a step that is whole or did not happen. Texts: cloudify-api sections 1.7, 2 and 15. */
@ApplicationScoped
public class BundleSteps {

    private static final String GONE =
            "whoever gathered it is gone; nothing of it is left. Create the log bundle again";

    private final LogBundles bundles;
    private final ArchiveStore store;
    private final Clock clock;

    BundleSteps(LogBundles bundles, @Identifier(Bundles.STORE) ArchiveStore store, Clock clock) {
        this.bundles = bundles;
        this.store = store;
        this.clock = clock;
    }

    /** @throws ManagerException {@code bad_parameters_error} for the id, {@code conflict_error} */
    @Transactional
    public LogBundle request(String tenantName, String id, String requestedBy) {
        ResourceId.check("log_bundle_id", id);
        LogBundle bundle = LogBundle.requested(
                tenantName, id, requestedBy, now(), UUID.randomUUID().toString());
        bundles.add(bundle);
        return bundle;
    }

    @Transactional
    public LogBundle get(@Nullable String tenantName, String id) {
        return bundles.get(tenantName, id);
    }

    @Transactional
    public Optional<LogBundle> find(String tenantName, String id) {
        return bundles.find(tenantName, id);
    }

    /** Fails what nobody gathers any more, then claims what is next. */
    @Transactional
    public Optional<LogBundle> claimNext(String instanceId, Duration patience) {
        Instant now = now();
        bundles.failAbandoned(null, now.minus(patience), GONE, now);
        return bundles.claimNext(instanceId, now);
    }

    /** At the start of an instance: whatever it held died with its former process. @return how many */
    @Transactional
    public int failOwn(String instanceId) {
        return bundles.failAbandoned(instanceId, Instant.EPOCH, GONE, now());
    }

    /** @return false if it is no longer this instance's */
    @Transactional
    public boolean complete(LogBundle bundle, String instanceId, long archiveBytes) {
        return bundles.finish(bundle, instanceId, SnapshotStatus.CREATED, "", archiveBytes, now());
    }

    /** @return false if it is no longer this instance's */
    @Transactional
    public boolean fail(LogBundle bundle, String instanceId, String error) {
        return bundles.finish(bundle, instanceId, SnapshotStatus.FAILED, error, null, now());
    }

    /** @throws ManagerException {@code storage_error} for a status that there is not, {@code not_found_error} */
    @Transactional
    public void mark(@Nullable String tenantName, String id, String status, String error) {
        LogBundle bundle = bundles.get(tenantName, id);
        SnapshotStatus known = SnapshotStatus.of(status)
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.STORAGE,
                        "invalid log bundle status: \"" + status + "\"",
                        "use creating, created, failed or uploaded"));
        bundles.mark(bundle, known, error, now());
    }

    /** Its archive is removed by the caller afterwards. @throws ManagerException {@code log_bundle_action_error}, {@code not_found_error} */
    @Transactional
    public LogBundle delete(@Nullable String tenantName, String id) {
        LogBundle bundle = bundles.get(tenantName, id);
        refuseWhileCreating(bundle, "delete");
        bundles.remove(bundle);
        return bundle;
    }

    /**
     * Makes an archive that was uploaded a bundle. It gets its name inside the transaction, after the row: there may be an archive that no row
     * names, never a row without archive.
     *
     * @throws ManagerException {@code log_bundle_action_error} while one of this id is being created
     */
    @Transactional
    public LogBundle register(String tenantName, String id, String uploadedBy, Path written, long archiveBytes) {
        Optional<LogBundle> there = bundles.find(tenantName, id);
        if (there.isEmpty()) {
            bundles.add(LogBundle.uploaded(tenantName, id, uploadedBy, now(), archiveBytes));
        } else {
            refuseWhileCreating(there.get(), "upload");
            bundles.replaceArchive(there.get(), archiveBytes, now());
        }
        try {
            store.publish(written, tenantName, id);
        } catch (IOException e) {
            throw new UncheckedIOException("the archive of " + id + " cannot be put into the store", e);
        }
        return bundles.get(tenantName, id);
    }

    @Transactional
    public List<LogBundle> untold() {
        return bundles.untold();
    }

    @Transactional
    public void told(LogBundle bundle) {
        bundles.markTold(bundle);
    }

    /** Takes those out of the catalogue that are too many. Their archives are removed by the caller. */
    @Transactional
    public List<LogBundle> removeSurplus(int keep) {
        List<LogBundle> surplus = bundles.surplus(keep);
        surplus.forEach(bundles::remove);
        return surplus;
    }

    static void refuseWhileCreating(LogBundle bundle, String action) {
        if (bundle.status() == SnapshotStatus.CREATING) {
            throw new ManagerException(
                    ErrorCode.LOG_BUNDLE_ACTION,
                    "Cannot " + action + " log bundle `" + bundle.id() + "` which has an active `create_log_bundle`"
                            + " execution",
                    "wait until it has ended");
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
