package io.holdfast.inventory.filters.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.filters.Filtered;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import java.util.List;

/** Saved filters of blueprints and of deployments. */
public interface SavedFilters {

    Listing list(Filtered filtered, ListRequest request, CallerIdentity caller);

    /** @throws io.holdfast.contracts.errors.ManagerException {@code not_found_error}; {@code bad_parameters_error} if no filter can have the id */
    Row get(Filtered filtered, String id, ListRequest request, CallerIdentity caller);

    /** The rules of a filter that the caller sees; errors as of {@link #get}. */
    List<FilterRule> rules(Filtered filtered, String id, CallerIdentity caller);
}
