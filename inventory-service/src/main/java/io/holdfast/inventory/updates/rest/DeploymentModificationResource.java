package io.holdfast.inventory.updates.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.updates.app.DeploymentModifications;
import io.holdfast.listing.ListRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

@Path("/internal/inventory/deployment-modifications")
public class DeploymentModificationResource {

    private final DeploymentModifications catalogue;
    private final CurrentCaller caller;

    public DeploymentModificationResource(DeploymentModifications catalogue, CurrentCaller caller) {
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
