package io.holdfast.inventory.nodes.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.listing.Catalogue;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;

/** Node instances with their runtime properties. */
public interface NodeInstances extends Catalogue {

    /** As {@link #list}, with constraints on the id. */
    Listing search(ListRequest request, Constraints names, CallerIdentity caller);

    /** How many there are by {@code _target_field} and {@code _sub_field}. */
    ObjectNode summary(ListRequest request, CallerIdentity caller);
}
