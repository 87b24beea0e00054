package io.holdfast.snapshot.catalogue.app;

import io.holdfast.snapshot.catalogue.Snapshot;
import io.holdfast.snapshot.catalogue.Snapshots;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks up one snapshot, with everything that the catalogue has of it. */
@ApplicationScoped
public class ReadSnapshot {

    private final Snapshots snapshots;

    ReadSnapshot(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    /** @param tenantName null: of whichever tenant, for calls between services */
    @Transactional
    public Optional<Snapshot> find(@Nullable String tenantName, String id) {
        return snapshots.find(tenantName, id);
    }

    /** As {@link #find}; {@code not_found_error} if there is none. */
    @Transactional
    public Snapshot get(@Nullable String tenantName, String id) {
        return snapshots.get(tenantName, id);
    }
}
