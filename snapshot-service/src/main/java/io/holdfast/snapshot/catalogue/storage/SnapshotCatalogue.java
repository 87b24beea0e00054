package io.holdfast.snapshot.catalogue.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.holdfast.snapshot.SnapshotMessaging;
import io.holdfast.snapshot.catalogue.app.SnapshotList;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;

/** Snapshots by the API's list conventions. */
@ApplicationScoped
@Typed(SnapshotList.class)
class SnapshotCatalogue implements SnapshotList {

    private static final Entity SNAPSHOTS = Entity.of("Snapshot", "snapshot_control.snapshots e")
            .times("created_at")
            .texts("id", "status", "error")
            .owned("e")
            .counted("snapshot_control", "snapshots")
            .searchBy("_search", "e.id")
            .sortBy("created_at")
            .build();

    private final Lister lister;

    SnapshotCatalogue(@DataSource(SnapshotMessaging.SERVICE) AgroalDataSource dataSource) {
        this.lister = new Lister(dataSource);
    }

    @Override
    public Listing list(ListRequest request, CallerIdentity caller) {
        return lister.list(SNAPSHOTS, request, caller);
    }

    @Override
    public Row get(String id, ListRequest request, CallerIdentity caller) {
        return lister.get(SNAPSHOTS, id, request, caller);
    }
}
