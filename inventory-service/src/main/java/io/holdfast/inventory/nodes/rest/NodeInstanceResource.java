package io.holdfast.inventory.nodes.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.nodes.app.AddNodes;
import io.holdfast.inventory.nodes.app.ChangeNodeInstance;
import io.holdfast.inventory.nodes.app.NodeInstances;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.inventory.resources.rest.Origin;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Row;
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
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

@Path("/internal/inventory/node-instances")
@Blocking
public class NodeInstanceResource {

    private final NodeInstances catalogue;
    private final ChangeNodeInstance change;
    private final AddNodes add;
    private final EvaluatedProperties evaluated;
    private final Directory directory;
    private final CurrentCaller caller;

    public NodeInstanceResource(
            NodeInstances catalogue,
            ChangeNodeInstance change,
            AddNodes add,
            EvaluatedProperties evaluated,
            Directory directory,
            CurrentCaller caller) {
        this.catalogue = catalogue;
        this.change = change;
        this.add = add;
        this.evaluated = evaluated;
        this.directory = directory;
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
        Row instance = catalogue.get(id, ListRequest.parseGet(uri.getQueryParameters()), caller.identity());
        if (ListRequest.flag(uri.getQueryParameters(), "_evaluate_functions", false)) {
            evaluated.ofInstance(instance, caller.identity());
        }
        return instance.json();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(@Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        String deployment = body.requiredText("deployment_id");
        UnaryOperator<@Nullable String> owners = Origin.owners(directory, caller.identity());
        List<AddNodes.Instance> instances = body.requiredObjects("node_instances").stream()
                .map(instance -> NodesInBody.instance(instance, owners))
                .toList();
        if (instances.isEmpty()) {
            return Response.noContent().build();
        }
        add.instances(deployment, instances, NodesInBody::renamed, caller.identity());
        return Response.status(Response.Status.CREATED)
                .entity(NullNode.getInstance())
                .build();
    }

    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode patch(@PathParam("id") String id, @Context UriInfo uri, @Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        change.change(
                id,
                new ChangeNodeInstance.Request(
                        body.requiredInteger("version"),
                        ListRequest.flag(uri.getQueryParameters(), "force", false),
                        ListRequest.flag(uri.getQueryParameters(), "reached", false),
                        body.text("state"),
                        body.object("runtime_properties"),
                        body.object("system_properties"),
                        body.list("relationships")),
                caller.identity());
        return catalogue
                .get(id, ListRequest.parseGet(Map.of()), caller.identity())
                .json();
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        caller.tenant();
        change.remove(id, caller.identity());
    }
}
