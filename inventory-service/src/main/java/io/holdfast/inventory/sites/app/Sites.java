package io.holdfast.inventory.sites.app;

import io.holdfast.listing.Catalogue;

/** Sites: named places of deployments. */
public interface Sites extends Catalogue {}
