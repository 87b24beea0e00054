package io.holdfast.inventory.nodes.app;

import io.holdfast.listing.Catalogue;

/** Node instances with their runtime properties. */
public interface NodeInstances extends Catalogue {}
