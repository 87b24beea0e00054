package io.holdfast.inventory.summaries.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.blueprints.app.Blueprints;
import io.holdfast.inventory.deployments.app.Deployments;
import io.holdfast.inventory.nodes.app.NodeInstances;
import io.holdfast.inventory.nodes.app.Nodes;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

@Path("/internal/inventory/summary")
@Blocking
public class SummaryResource {

    private final Deployments deployments;
    private final Blueprints blueprints;
    private final Nodes nodes;
    private final NodeInstances instances;
    private final CurrentCaller caller;

    public SummaryResource(
            Deployments deployments,
            Blueprints blueprints,
            Nodes nodes,
            NodeInstances instances,
            CurrentCaller caller) {
        this.deployments = deployments;
        this.blueprints = blueprints;
        this.nodes = nodes;
        this.instances = instances;
        this.caller = caller;
    }

    @GET
    @Path("/deployments")
    public ObjectNode deployments(@Context UriInfo uri) {
        return deployments.summary(request(uri), caller.identity());
    }

    @GET
    @Path("/blueprints")
    public ObjectNode blueprints(@Context UriInfo uri) {
        return blueprints.summary(request(uri), caller.identity());
    }

    @GET
    @Path("/nodes")
    public ObjectNode nodes(@Context UriInfo uri) {
        return nodes.summary(request(uri), caller.identity());
    }

    @GET
    @Path("/node_instances")
    public ObjectNode instances(@Context UriInfo uri) {
        return instances.summary(request(uri), caller.identity());
    }

    private static ListRequest request(UriInfo uri) {
        return ListRequest.parse(uri.getQueryParameters());
    }
}
