package io.holdfast.scheduler.reading.app;

import io.holdfast.listing.Catalogue;

/** Tasks graphs of executions. */
public interface GraphCatalogue extends Catalogue {}
