package io.holdfast.snapshot.catalogue.app;

import io.holdfast.listing.Catalogue;

/** Snapshots by the API's list conventions. */
public interface SnapshotList extends Catalogue {}
