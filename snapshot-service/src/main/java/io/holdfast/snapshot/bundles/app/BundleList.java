package io.holdfast.snapshot.bundles.app;

import io.holdfast.listing.Catalogue;

/** Log bundles by the API's list conventions. */
public interface BundleList extends Catalogue {}
