package io.holdfast.inventory.nodes.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.listing.Catalogue;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import java.util.List;

/** Node instances with their runtime properties. */
public interface NodeInstances extends Catalogue {

    /** What filter rules may name. */
    List<String> ATTRIBUTES = List.of("id");

    /** As {@link #list}, with rules on the {@link #ATTRIBUTES} or constraints on the id, and how many of the others these leave out. */
    Listing search(ListRequest request, List<FilterRule> rules, Constraints names, CallerIdentity caller);

    /** How many there are by {@code _target_field} and {@code _sub_field}. */
    ObjectNode summary(ListRequest request, CallerIdentity caller);
}
