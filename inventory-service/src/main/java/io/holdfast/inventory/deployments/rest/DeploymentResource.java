package io.holdfast.inventory.deployments.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.deployments.app.Deployments;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Row;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

@Path("/internal/inventory/deployments")
public class DeploymentResource {

    private final Deployments deployments;
    private final CurrentCaller caller;

    public DeploymentResource(Deployments deployments, CurrentCaller caller) {
        this.deployments = deployments;
        this.caller = caller;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return deployments
                .list(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(@PathParam("id") String id, @Context UriInfo uri) {
        ListRequest request = ListRequest.parseGet(uri.getQueryParameters());
        Row row = ListRequest.flag(uri.getQueryParameters(), "include_workdir", false)
                ? deployments.getWithWorkDirectory(id, request, caller.identity())
                : deployments.get(id, request, caller.identity());
        return row.json();
    }

    @GET
    @Path("/{id}/outputs")
    public ObjectNode outputs(@PathParam("id") String id) {
        return deployments.part(id, "outputs", caller.identity());
    }

    @GET
    @Path("/{id}/capabilities")
    public ObjectNode capabilities(@PathParam("id") String id) {
        return deployments.part(id, "capabilities", caller.identity());
    }
}
