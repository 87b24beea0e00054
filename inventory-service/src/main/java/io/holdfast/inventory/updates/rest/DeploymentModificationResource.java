package io.holdfast.inventory.updates.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.http.Made;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.inventory.updates.app.DeploymentModifications;
import io.holdfast.inventory.updates.app.ModifyDeployment;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@Path("/internal/inventory/deployment-modifications")
@Blocking
public class DeploymentModificationResource {

    private final DeploymentModifications catalogue;
    private final ModifyDeployment modify;
    private final CurrentCaller caller;

    public DeploymentModificationResource(
            DeploymentModifications catalogue, ModifyDeployment modify, CurrentCaller caller) {
        this.catalogue = catalogue;
        this.modify = modify;
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

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response start(@Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        String deployment = body.requiredText("deployment_id");
        ObjectNode context = object(body, "context");
        String id = modify.start(deployment, object(body, "nodes"), context, caller.identity());
        return Response.status(Response.Status.CREATED)
                .entity(present(id))
                .header(Made.HEADER, id)
                .build();
    }

    @POST
    @Path("/{id}/finish")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode finish(@PathParam("id") String id) {
        modify.finish(id, caller.identity().in(caller.tenant()));
        return present(id);
    }

    @POST
    @Path("/{id}/rollback")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode rollback(@PathParam("id") String id) {
        modify.rollback(id, caller.identity().in(caller.tenant()));
        return present(id);
    }

    private static ObjectNode object(JsonBody body, String name) {
        ObjectNode object = body.objectIfGiven(name);
        return object == null ? JsonNodeFactory.instance.objectNode() : object;
    }

    private ObjectNode present(String id) {
        return catalogue
                .get(id, ListRequest.parseGet(Map.of()), caller.identity())
                .json();
    }
}
