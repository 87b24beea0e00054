package io.holdfast.inventory.deployments.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.listing.Catalogue;
import io.holdfast.listing.Condition;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import java.util.List;

/** Deployments with what hangs on them. */
public interface Deployments extends Catalogue {

    /**
     * Understands {@code _filter_id}, {@code _group_id}, {@code _environments_only}, {@code _dependencies_of}, {@code _search_name}.
     * Workflows are shown with {@code _get_data=true} only.
     */
    @Override
    Listing list(ListRequest request, CallerIdentity caller);

    /** As {@link #list}, with rules and constraints on the display name that come with the request. */
    Listing search(ListRequest request, List<FilterRule> rules, Constraints names, CallerIdentity caller);

    /** With workflows, without the work directory. */
    @Override
    Row get(String id, ListRequest request, CallerIdentity caller);

    /** As the other, with the work directory as base64 of a zip: held in memory as a whole. */
    Row getWithWorkDirectory(String id, ListRequest request, CallerIdentity caller);

    /** How many there are by {@code _target_field} and {@code _sub_field}. */
    ObjectNode summary(ListRequest request, CallerIdentity caller);

    /** What the underscore parameters of a request say about the rows {@code e} of deployments, for lists that go over deployments. */
    List<Condition> chosen(ListRequest request, CallerIdentity caller);

    /** As the other, with rules that come with the request. */
    List<Condition> chosen(ListRequest request, List<FilterRule> rules, CallerIdentity caller);
}
