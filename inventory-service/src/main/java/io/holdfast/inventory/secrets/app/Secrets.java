package io.holdfast.inventory.secrets.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.listing.Catalogue;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;

/** Secrets. Lists never carry values. */
public interface Secrets extends Catalogue {

    /** As {@link #list}, with constraints on the key. */
    Listing search(ListRequest request, Constraints names, CallerIdentity caller);

    /**
     * With its value, opened: parsed where the secret has a schema, empty text where it is hidden and the caller is neither an
     * administrator nor its creator, null with {@code _skip_value=true}.
     */
    @Override
    Row get(String key, ListRequest request, CallerIdentity caller);
}
