package io.holdfast.scheduler.reading.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.Catalogue;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;

/** Executions as clients see them. */
public interface ExecutionCatalogue extends Catalogue {

    /**
     * Without system workflows, unless {@code _include_system_workflows=true} or a filter on {@code is_system_workflow} asks for them.
     * {@code execution_group_id} filters by membership, {@code _group_id}, too, or, where there is no execution group of that id, by the
     * deployments of a deployment group.
     */
    @Override
    Listing list(ListRequest request, CallerIdentity caller);

    /** How many of those that {@link #list} has there are by {@code _target_field} and {@code _sub_field}. */
    ObjectNode summary(ListRequest request, CallerIdentity caller);

    /** As {@link #list}, with what the manager API has no fields for: priority, concurrency key, schedule, dispatch. */
    Listing listWithTurns(ListRequest request, CallerIdentity caller);

    /** As {@link #get}, with the fields of {@link #listWithTurns}. */
    Row getWithTurn(String id, ListRequest request, CallerIdentity caller);
}
