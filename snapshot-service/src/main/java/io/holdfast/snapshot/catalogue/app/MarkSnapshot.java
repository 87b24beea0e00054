package io.holdfast.snapshot.catalogue.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.snapshot.catalogue.SnapshotStatus;
import io.holdfast.snapshot.catalogue.Snapshots;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** Sets a snapshot's status by hand, as the API allows (PATCH). */
@ApplicationScoped
public class MarkSnapshot {

    private final Snapshots snapshots;

    MarkSnapshot(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    /** @throws ManagerException {@code storage_error} for a status that there is not, {@code not_found_error} */
    @Transactional
    public void mark(@Nullable String tenantName, String id, String status, @Nullable String error) {
        var snapshot = snapshots.get(tenantName, id);
        SnapshotStatus known = SnapshotStatus.of(status)
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.STORAGE,
                        "invalid snapshot status: \"" + status + "\"",
                        "use creating, created, failed or uploaded"));
        snapshots.mark(snapshot, known, error == null ? "" : error);
    }
}
