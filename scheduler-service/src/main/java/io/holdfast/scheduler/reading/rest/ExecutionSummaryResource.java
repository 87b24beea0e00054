package io.holdfast.scheduler.reading.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.scheduler.reading.app.ExecutionCatalogue;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

/** How many executions there are by one of their fields, or by two. */
@Path("/internal/scheduler/summary/executions")
@Blocking
public class ExecutionSummaryResource {

    private final ExecutionCatalogue executions;
    private final CurrentCaller caller;

    ExecutionSummaryResource(ExecutionCatalogue executions, CurrentCaller caller) {
        this.executions = executions;
        this.caller = caller;
    }

    @GET
    public ObjectNode summary(@Context UriInfo uri) {
        return executions.summary(ListRequest.parse(uri.getQueryParameters()), caller.identity());
    }
}
