package io.holdfast.inventory.workflows.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.ListRequest;

/** The workflows that the chosen deployments offer. */
public interface Workflows {

    /**
     * An envelope of workflows, each name once, sorted. Deployments are chosen by filters and the underscore parameters of the
     * deployments' own list.
     */
    ObjectNode list(ListRequest request, CallerIdentity caller);
}
