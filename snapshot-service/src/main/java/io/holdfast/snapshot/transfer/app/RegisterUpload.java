package io.holdfast.snapshot.transfer.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.SnapshotEvent;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.snapshot.SnapshotMessaging;
import io.holdfast.snapshot.catalogue.Snapshot;
import io.holdfast.snapshot.catalogue.SnapshotStatus;
import io.holdfast.snapshot.catalogue.Snapshots;
import io.holdfast.snapshot.catalogue.StoredArchive;
import io.holdfast.snapshot.store.ArchiveStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Makes a validated archive a snapshot. The archive gets its name inside the transaction, after the row: if the commit fails then, there
 * is an archive that no row names, and never a row without archive.
 */
@ApplicationScoped
public class RegisterUpload {

    private final Snapshots snapshots;
    private final ArchiveStore store;
    private final Outbox outbox;
    private final Clock clock;

    RegisterUpload(
            Snapshots snapshots, ArchiveStore store, @OfService(SnapshotMessaging.SERVICE) Outbox outbox, Clock clock) {
        this.snapshots = snapshots;
        this.store = store;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** @throws ManagerException {@code snapshot_action_error} while a snapshot of this id is being created */
    @Transactional
    public Snapshot register(String tenantName, String id, String uploadedBy, Path written, StoredArchive archive) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Optional<Snapshot> there = snapshots.find(tenantName, id);
        there.ifPresent(RegisterUpload::refuseWhileCreating);
        Snapshot snapshot;
        if (there.isPresent()) {
            snapshots.replaceArchive(there.get(), archive, now);
            snapshot = snapshots.get(tenantName, id);
        } else {
            snapshot = Snapshot.uploaded(tenantName, id, uploadedBy, now, archive);
            snapshots.add(snapshot);
        }
        outbox.append(new SnapshotEvent.Created(id, null, tenantName, archive.bytes(), archive.sha256(), now));
        try {
            store.publish(written, tenantName, id);
        } catch (IOException e) {
            throw new UncheckedIOException("the archive of " + id + " cannot be put into the store", e);
        }
        return snapshot;
    }

    static void refuseWhileCreating(Snapshot snapshot) {
        if (snapshot.status() == SnapshotStatus.CREATING) {
            throw new ManagerException(
                    ErrorCode.SNAPSHOT_ACTION,
                    "Cannot upload snapshot `" + snapshot.id() + "` which has an active `create_snapshot` execution",
                    "upload under another id, or wait until it has ended");
        }
    }
}
