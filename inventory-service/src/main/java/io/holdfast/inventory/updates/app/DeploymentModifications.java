package io.holdfast.inventory.updates.app;

import io.holdfast.listing.Catalogue;

/**
 * Modifications of deployments, by which clients of old versions of the API scaled. None are made any more: workflows scale, and write nodes
 * and node instances themselves; and no archive brings any. Clients that ask for them are told so, by the conventions of all lists.
 */
public interface DeploymentModifications extends Catalogue {}
