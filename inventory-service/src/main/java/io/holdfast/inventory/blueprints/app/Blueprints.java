package io.holdfast.inventory.blueprints.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.content.app.Download;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.listing.Catalogue;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import java.util.List;

/** Blueprints with labels and the execution that uploaded them. */
public interface Blueprints extends Catalogue {

    /** Without hidden ones, unless the request filters by {@code is_hidden}; {@code _filter_id} applies a saved filter. */
    @Override
    Listing list(ListRequest request, CallerIdentity caller);

    /** As {@link #list}, with rules and constraints on the id that come with the request. */
    Listing search(ListRequest request, List<FilterRule> rules, Constraints names, CallerIdentity caller);

    /** How many there are by {@code _target_field} and {@code _sub_field}. */
    ObjectNode summary(ListRequest request, CallerIdentity caller);

    /** The archive as uploaded; {@code not_found_error} where there is no blueprint or no archive. */
    Download archive(String id, CallerIdentity caller);
}
