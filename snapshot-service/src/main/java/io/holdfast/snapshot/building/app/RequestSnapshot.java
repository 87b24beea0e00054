package io.holdfast.snapshot.building.app;

import io.holdfast.archive.ArchiveOptions;
import io.holdfast.contracts.events.SnapshotEvent;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.snapshot.SnapshotMessaging;
import io.holdfast.snapshot.catalogue.Snapshot;
import io.holdfast.snapshot.catalogue.SnapshotIds;
import io.holdfast.snapshot.catalogue.Snapshots;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Puts a snapshot that is to be created into the catalogue and tells of it. Whoever calls it wakes the builder afterwards. */
@ApplicationScoped
public class RequestSnapshot {

    private final Snapshots snapshots;
    private final Outbox outbox;
    private final Clock clock;

    RequestSnapshot(Snapshots snapshots, @OfService(SnapshotMessaging.SERVICE) Outbox outbox, Clock clock) {
        this.snapshots = snapshots;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** @throws io.holdfast.contracts.errors.ManagerException {@code bad_parameters_error} for the id, {@code conflict_error} */
    @Transactional
    public Snapshot request(String tenantName, String id, String requestedBy, ArchiveOptions options) {
        SnapshotIds.validate(id);
        String executionId = UUID.randomUUID().toString();
        Snapshot snapshot = Snapshot.requested(
                tenantName, id, requestedBy, clock.instant().truncatedTo(ChronoUnit.MICROS), options, executionId);
        snapshots.add(snapshot);
        outbox.append(new SnapshotEvent.Requested(
                id,
                executionId,
                tenantName,
                requestedBy,
                options.includeCredentials(),
                options.includeLogs(),
                options.includeEvents(),
                snapshot.createdAt()));
        return snapshot;
    }
}
