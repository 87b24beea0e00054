package io.holdfast.snapshot.catalogue.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.SnapshotEvent;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.snapshot.SnapshotMessaging;
import io.holdfast.snapshot.catalogue.Snapshot;
import io.holdfast.snapshot.catalogue.SnapshotStatus;
import io.holdfast.snapshot.catalogue.Snapshots;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Takes a snapshot out of the catalogue. Its archive is removed by the caller afterwards: a row without archive would be worse than the other way. */
@ApplicationScoped
public class DeleteSnapshot {

    private final Snapshots snapshots;
    private final Outbox outbox;
    private final Clock clock;

    DeleteSnapshot(Snapshots snapshots, @OfService(SnapshotMessaging.SERVICE) Outbox outbox, Clock clock) {
        this.snapshots = snapshots;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** @throws ManagerException {@code snapshot_action_error} while it is being created, {@code not_found_error} */
    @Transactional
    public Snapshot delete(@Nullable String tenantName, String id, String deletedBy) {
        Snapshot snapshot = snapshots.get(tenantName, id);
        if (snapshot.status() == SnapshotStatus.CREATING) {
            throw active(id, "create_snapshot");
        }
        snapshots.remove(snapshot);
        outbox.append(new SnapshotEvent.Deleted(snapshot.id(), snapshot.tenantName(), deletedBy, clock.instant()));
        return snapshot;
    }

    /** The API's text for a snapshot that a workflow is at. */
    public static ManagerException active(String id, String workflow) {
        return new ManagerException(
                ErrorCode.SNAPSHOT_ACTION,
                "Cannot delete snapshot `" + id + "` which has an active `" + workflow + "` execution",
                "wait until it has ended");
    }
}
