package io.holdfast.inventory.dependencies.app;

import io.holdfast.listing.Catalogue;

/** What deployments need of each other. */
public interface InterDeploymentDependencies extends Catalogue {}
