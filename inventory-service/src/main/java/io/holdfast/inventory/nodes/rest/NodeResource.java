package io.holdfast.inventory.nodes.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.nodes.app.AddNodes;
import io.holdfast.inventory.nodes.app.NodeRecords;
import io.holdfast.inventory.nodes.app.Nodes;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.inventory.resources.rest.Origin;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

@Path("/internal/inventory/nodes")
@Blocking
public class NodeResource {

    private final Nodes nodes;
    private final AddNodes add;
    private final EvaluatedProperties evaluated;
    private final Directory directory;
    private final CurrentCaller caller;

    public NodeResource(
            Nodes nodes, AddNodes add, EvaluatedProperties evaluated, Directory directory, CurrentCaller caller) {
        this.nodes = nodes;
        this.add = add;
        this.evaluated = evaluated;
        this.directory = directory;
        this.caller = caller;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        Listing listing = nodes.list(ListRequest.parse(uri.getQueryParameters()), caller.identity());
        if (ListRequest.flag(uri.getQueryParameters(), "_evaluate_functions", false)) {
            evaluated.ofNodes(
                    listing.rows(), uri.getQueryParameters().getFirst("_instance_context"), caller.identity());
        }
        return listing.toJson();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(@Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        String deployment = body.requiredText("deployment_id");
        UnaryOperator<@Nullable String> owners = Origin.owners(directory, caller.identity());
        List<NodeRecords.NewNode> all = body.requiredObjects("nodes").stream()
                .map(node -> NodesInBody.node(node, owners))
                .toList();
        if (all.isEmpty()) {
            return Response.noContent().build();
        }
        add.nodes(deployment, all, caller.identity());
        return Response.status(Response.Status.CREATED)
                .entity(NullNode.getInstance())
                .build();
    }

    @PATCH
    @Path("/{deployment}/{node}")
    @Consumes(MediaType.APPLICATION_JSON)
    public void patch(
            @PathParam("deployment") String deployment, @PathParam("node") String node, @Nullable JsonNode json) {
        caller.tenant();
        add.change(deployment, node, NodesInBody.change(JsonBody.of(json)), caller.identity());
    }

    @DELETE
    @Path("/{deployment}/{node}")
    public void delete(@PathParam("deployment") String deployment, @PathParam("node") String node) {
        caller.tenant();
        add.removeNode(deployment, node, caller.identity());
    }
}
