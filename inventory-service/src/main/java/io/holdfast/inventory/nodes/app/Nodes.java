package io.holdfast.inventory.nodes.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;

/** Nodes of deployments, with the counts of their instances. There is no single get: ids are unique only in a deployment. */
public interface Nodes {

    /** @param request with {@code _instance_counts=true}, the planned number counts; without, it is 0 as in the product */
    Listing list(ListRequest request, CallerIdentity caller);

    /** As {@link #list}, with constraints. @param field {@code id} or {@code type}: what they are on */
    Listing search(ListRequest request, String field, Constraints names, CallerIdentity caller);

    /** How many there are by {@code _target_field} and {@code _sub_field}. */
    ObjectNode summary(ListRequest request, CallerIdentity caller);
}
