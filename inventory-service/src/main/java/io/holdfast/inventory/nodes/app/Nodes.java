package io.holdfast.inventory.nodes.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import java.util.List;

/** Nodes of deployments, with the counts of their instances. There is no single get: ids are unique only in a deployment. */
public interface Nodes {

    /** What constraints of a search are on. */
    String ID = "id";

    /** As {@link #ID}; a node with an operation whose name satisfies them is found. */
    String OPERATIONS = "operations";

    /** What filter rules may name. */
    List<String> ATTRIBUTES = List.of("id", "type");

    /** @param request with {@code _instance_counts=true}, the planned number counts; without, it is 0 as in the product */
    Listing list(ListRequest request, CallerIdentity caller);

    /**
     * As {@link #list}, with rules on the {@link #ATTRIBUTES} or constraints, and how many of the others these leave out.
     *
     * @param field {@link #ID}, {@code type} or {@link #OPERATIONS}: what the constraints are on
     */
    Listing search(ListRequest request, String field, List<FilterRule> rules, Constraints names, CallerIdentity caller);

    /** How many there are by {@code _target_field} and {@code _sub_field}. */
    ObjectNode summary(ListRequest request, CallerIdentity caller);
}
