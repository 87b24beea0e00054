package io.holdfast.scheduler.reading.app;

import io.holdfast.listing.Catalogue;

/** Execution groups. Their executions and their status are shown on a single get and with {@code _get_data=true}; else they are null. */
public interface ExecutionGroupCatalogue extends Catalogue {}
