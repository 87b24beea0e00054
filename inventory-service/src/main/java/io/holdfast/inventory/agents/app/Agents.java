package io.holdfast.inventory.agents.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.Catalogue;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;

/** Agents on hosts. To clients, an agent's name is its id. */
public interface Agents extends Catalogue {

    /** Broker credentials are null but with {@code _get_data=true}. */
    @Override
    Listing list(ListRequest request, CallerIdentity caller);

    /** With broker credentials. */
    @Override
    Row get(String name, ListRequest request, CallerIdentity caller);
}
