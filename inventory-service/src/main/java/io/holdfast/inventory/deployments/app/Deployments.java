package io.holdfast.inventory.deployments.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.listing.Catalogue;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
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

    /** With workflows, without the work directory, and the numbers of all that is below it. */
    @Override
    default Row get(String id, ListRequest request, CallerIdentity caller) {
        return get(id, request, new Extent(false, true, true), caller);
    }

    /** As the other, with more of it or less. */
    Row get(String id, ListRequest request, Extent extent, CallerIdentity caller);

    /**
     * What of a deployment is shown.
     *
     * @param workDirectory its files, as base64 of a zip: held in memory as a whole
     * @param allBelow whether numbers of what is below it go all the way down, or one level
     * @param availability whether its workflows say if they are available now, for which its node instances are looked at
     */
    record Extent(boolean workDirectory, boolean allBelow, boolean availability) {}

    /** How many there are by {@code _target_field} and {@code _sub_field}. */
    ObjectNode summary(ListRequest request, CallerIdentity caller);

    /** What the underscore parameters of a request say about the rows {@code e} of deployments, for lists that go over deployments. */
    List<Condition> chosen(ListRequest request, CallerIdentity caller);

    /** As the other, with rules that come with the request. */
    List<Condition> chosen(ListRequest request, List<FilterRule> rules, CallerIdentity caller);

    /** What deployments are filtered and searched by, as rows {@code e}: with {@link #chosen}, for lists that go over deployments. */
    Entity choice();

    /** The request without what {@link #chosen} has understood. */
    ListRequest unchosen(ListRequest request);
}
