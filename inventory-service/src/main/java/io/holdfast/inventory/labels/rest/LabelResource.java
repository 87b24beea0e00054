package io.holdfast.inventory.labels.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.labels.app.LabelIndex;
import io.holdfast.listing.ListRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

@Path("/internal/inventory/labels")
public class LabelResource {

    private final LabelIndex labels;
    private final CurrentCaller caller;

    public LabelResource(LabelIndex labels, CurrentCaller caller) {
        this.labels = labels;
        this.caller = caller;
    }

    @GET
    @Path("/blueprints")
    public ObjectNode ofBlueprints(@Context UriInfo uri) {
        return labels.keys(LabelIndex.Kind.BLUEPRINTS, request(uri), caller.identity());
    }

    @GET
    @Path("/blueprints/{key}")
    public ObjectNode ofBlueprints(@PathParam("key") String key, @Context UriInfo uri) {
        return labels.values(
                LabelIndex.Kind.BLUEPRINTS, ResourceId.check("label_key", key), request(uri), caller.identity());
    }

    @GET
    @Path("/deployments")
    public ObjectNode ofDeployments(@Context UriInfo uri) {
        return labels.keys(LabelIndex.Kind.DEPLOYMENTS, request(uri), caller.identity());
    }

    @GET
    @Path("/deployments/{key}")
    public ObjectNode ofDeployments(@PathParam("key") String key, @Context UriInfo uri) {
        return labels.values(
                LabelIndex.Kind.DEPLOYMENTS, ResourceId.check("label_key", key), request(uri), caller.identity());
    }

    private static ListRequest request(UriInfo uri) {
        return ListRequest.parse(uri.getQueryParameters());
    }
}
