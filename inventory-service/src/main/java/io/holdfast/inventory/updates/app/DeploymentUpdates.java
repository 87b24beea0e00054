package io.holdfast.inventory.updates.app;

import io.holdfast.listing.Catalogue;

/** Updates of deployments, as they were carried out. */
public interface DeploymentUpdates extends Catalogue {}
