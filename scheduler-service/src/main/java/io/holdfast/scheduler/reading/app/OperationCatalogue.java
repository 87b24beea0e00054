package io.holdfast.scheduler.reading.app;

import io.holdfast.listing.Catalogue;

/** Operations of tasks graphs, filtered by {@code graph_id} or {@code execution_id} too. */
public interface OperationCatalogue extends Catalogue {}
