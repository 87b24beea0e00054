package io.holdfast.snapshot.bundles.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.holdfast.snapshot.SnapshotMessaging;
import io.holdfast.snapshot.bundles.app.BundleList;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;

/** Log bundles by the API's list conventions. */
@ApplicationScoped
@Typed(BundleList.class)
class BundleCatalogue implements BundleList {

    private static final Entity BUNDLES = Entity.of("LogBundle", "snapshot_control.log_bundles e")
            .times("created_at")
            .texts("id", "status", "error")
            .owned("e")
            .counted("snapshot_control", "log_bundles")
            .searchBy("_search", "e.id")
            .sortBy("created_at")
            .build();

    private final Lister lister;

    BundleCatalogue(@DataSource(SnapshotMessaging.SERVICE) AgroalDataSource dataSource) {
        this.lister = new Lister(dataSource);
    }

    @Override
    public Listing list(ListRequest request, CallerIdentity caller) {
        return lister.list(BUNDLES, request, caller);
    }

    @Override
    public Row get(String id, ListRequest request, CallerIdentity caller) {
        return lister.get(BUNDLES, id, request, caller);
    }
}
