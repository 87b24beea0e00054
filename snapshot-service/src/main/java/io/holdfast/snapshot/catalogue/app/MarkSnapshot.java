package io.holdfast.snapshot.catalogue.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.SnapshotEvent;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.snapshot.SnapshotMessaging;
import io.holdfast.snapshot.catalogue.SnapshotStatus;
import io.holdfast.snapshot.catalogue.Snapshots;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Sets a snapshot's status by hand, as the API allows (PATCH). */
@ApplicationScoped
public class MarkSnapshot {

    private final Snapshots snapshots;
    private final Outbox outbox;
    private final Clock clock;

    MarkSnapshot(Snapshots snapshots, @OfService(SnapshotMessaging.SERVICE) Outbox outbox, Clock clock) {
        this.snapshots = snapshots;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * Where it is being created, that ends: its builder finds that it lost the snapshot, and says nothing more, so that it is told here.
     *
     * @throws ManagerException {@code storage_error} for a status that there is not, {@code not_found_error}
     */
    @Transactional
    public void mark(@Nullable String tenantName, String id, String status, @Nullable String error) {
        var snapshot = snapshots.get(tenantName, id);
        SnapshotStatus known = SnapshotStatus.of(status)
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.STORAGE,
                        "invalid snapshot status: \"" + status + "\"",
                        "use creating, created, failed or uploaded"));
        snapshots.mark(snapshot, known, error == null ? "" : error);
        if (snapshot.status() == SnapshotStatus.CREATING && known != SnapshotStatus.CREATING) {
            outbox.append(new SnapshotEvent.Failed(
                    snapshot.id(),
                    snapshot.executionId(),
                    snapshot.tenantName(),
                    error == null || error.isEmpty() ? "its snapshot was marked as " + status : error,
                    clock.instant()));
        }
    }
}
