package io.holdfast.inventory.workflows.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.workflows.app.Workflows;
import io.holdfast.listing.ListRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

@Path("/internal/inventory/workflows")
public class WorkflowResource {

    private final Workflows workflows;
    private final CurrentCaller caller;

    public WorkflowResource(Workflows workflows, CurrentCaller caller) {
        this.workflows = workflows;
        this.caller = caller;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return workflows.list(ListRequest.parse(uri.getQueryParameters()), caller.identity());
    }
}
