package io.holdfast.inventory.updates.app;

import io.holdfast.listing.Catalogue;

/** Modifications of deployments: how workflows change the numbers of node instances. No archive brings any. */
public interface DeploymentModifications extends Catalogue {}
