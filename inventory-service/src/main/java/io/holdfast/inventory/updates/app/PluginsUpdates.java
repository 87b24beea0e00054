package io.holdfast.inventory.updates.app;

import io.holdfast.listing.Catalogue;

/** Updates of plugins over many deployments. */
public interface PluginsUpdates extends Catalogue {}
