package io.holdfast.inventory.blueprints.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.blueprints.app.Blueprints;
import io.holdfast.inventory.content.rest.Downloads;
import io.holdfast.listing.ListRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

@Path("/internal/inventory/blueprints")
public class BlueprintResource {

    private final Blueprints blueprints;
    private final Downloads downloads;
    private final CurrentCaller caller;

    public BlueprintResource(Blueprints blueprints, Downloads downloads, CurrentCaller caller) {
        this.blueprints = blueprints;
        this.downloads = downloads;
        this.caller = caller;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return blueprints
                .list(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(@PathParam("id") String id, @Context UriInfo uri) {
        return blueprints
                .get(id, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }

    @GET
    @Path("/{id}/archive")
    public Response archive(@PathParam("id") String id) {
        return downloads.answer(blueprints.archive(id, caller.identity()));
    }
}
