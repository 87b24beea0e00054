package io.holdfast.inventory.secrets.app;

import io.holdfast.listing.Catalogue;

/** External stores of secrets. Their connection parameters are opened on a single get only. */
public interface SecretsProviders extends Catalogue {}
