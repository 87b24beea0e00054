package io.holdfast.inventory.filters.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.filters.app.SavedFilters;
import io.holdfast.listing.ListRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

@Path("/internal/inventory/filters")
public class FilterResource {

    private final SavedFilters filters;
    private final CurrentCaller caller;

    public FilterResource(SavedFilters filters, CurrentCaller caller) {
        this.filters = filters;
        this.caller = caller;
    }

    @GET
    @Path("/blueprints")
    public ObjectNode ofBlueprints(@Context UriInfo uri) {
        return list(SavedFilters.Kind.BLUEPRINTS, uri);
    }

    @GET
    @Path("/blueprints/{id}")
    public ObjectNode ofBlueprints(@PathParam("id") String id, @Context UriInfo uri) {
        return get(SavedFilters.Kind.BLUEPRINTS, id, uri);
    }

    @GET
    @Path("/deployments")
    public ObjectNode ofDeployments(@Context UriInfo uri) {
        return list(SavedFilters.Kind.DEPLOYMENTS, uri);
    }

    @GET
    @Path("/deployments/{id}")
    public ObjectNode ofDeployments(@PathParam("id") String id, @Context UriInfo uri) {
        return get(SavedFilters.Kind.DEPLOYMENTS, id, uri);
    }

    private ObjectNode list(SavedFilters.Kind kind, UriInfo uri) {
        return filters.list(kind, ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    private ObjectNode get(SavedFilters.Kind kind, String id, UriInfo uri) {
        return filters.get(kind, id, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }
}
