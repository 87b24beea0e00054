package io.holdfast.inventory.workflows.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.listing.ListRequest;
import java.util.List;

/** The workflows that the chosen deployments offer. */
public interface Workflows {

    /**
     * An envelope of all workflows, each name once, sorted, whatever page is asked for. Deployments are chosen by all filters, searches and
     * underscore parameters of the deployments' own list. A workflow is as the newest of them has it that has one of this name, and available
     * if it is there.
     */
    ObjectNode list(ListRequest request, CallerIdentity caller);

    /** As {@link #list}, of deployments that the rules find, too. */
    ObjectNode search(ListRequest request, List<FilterRule> rules, CallerIdentity caller);
}
