package io.holdfast.inventory.groups.app;

import io.holdfast.listing.Catalogue;

/** Deployment groups with their labels and members. */
public interface DeploymentGroups extends Catalogue {}
