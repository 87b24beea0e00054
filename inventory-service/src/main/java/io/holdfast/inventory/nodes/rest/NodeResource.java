package io.holdfast.inventory.nodes.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.nodes.app.Nodes;
import io.holdfast.listing.ListRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

@Path("/internal/inventory/nodes")
public class NodeResource {

    private final Nodes nodes;
    private final CurrentCaller caller;

    public NodeResource(Nodes nodes, CurrentCaller caller) {
        this.nodes = nodes;
        this.caller = caller;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return nodes.list(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }
}
