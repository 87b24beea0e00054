package io.holdfast.scheduler.reading.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.scheduler.reading.app.ExecutionGroupCatalogue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

@Path("/internal/scheduler/execution-groups")
public class ExecutionGroupReadResource {

    private final ExecutionGroupCatalogue catalogue;
    private final CurrentCaller caller;

    public ExecutionGroupReadResource(ExecutionGroupCatalogue catalogue, CurrentCaller caller) {
        this.catalogue = catalogue;
        this.caller = caller;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return catalogue
                .list(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(@PathParam("id") String id, @Context UriInfo uri) {
        return catalogue
                .get(id, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }
}
