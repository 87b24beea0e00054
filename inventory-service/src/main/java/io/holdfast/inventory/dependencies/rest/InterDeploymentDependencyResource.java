package io.holdfast.inventory.dependencies.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.http.Made;
import io.holdfast.inventory.dependencies.app.ChangeDependencies;
import io.holdfast.inventory.dependencies.app.DependencyRecords.Dependency;
import io.holdfast.inventory.dependencies.app.InterDeploymentDependencies;
import io.holdfast.inventory.dependencies.app.RestoreDependencies;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@Path("/internal/inventory/deployments/inter-deployment-dependencies")
@Blocking
public class InterDeploymentDependencyResource {

    private final InterDeploymentDependencies catalogue;
    private final ChangeDependencies change;
    private final RestoreDependencies restore;
    private final Directory directory;
    private final CurrentCaller caller;

    public InterDeploymentDependencyResource(
            InterDeploymentDependencies catalogue,
            ChangeDependencies change,
            RestoreDependencies restore,
            Directory directory,
            CurrentCaller caller) {
        this.restore = restore;
        this.directory = directory;
        this.catalogue = catalogue;
        this.change = change;
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

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(@Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        DependencyInBody.requireTypes(body);
        Dependency dependency = DependencyInBody.of(body, directory, caller.identity());
        String id = change.add(dependency, caller.identity());
        ObjectNode added = catalogue
                .get(id, ListRequest.parseGet(Map.of()), caller.identity())
                .json();
        return Response.ok(added).header(Made.HEADER, id).build();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode addMany(@Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        String source = body.requiredText("source_deployment_id");
        List<Dependency> dependencies = body.requiredObjects("inter_deployment_dependencies").stream()
                .map(one -> DependencyInBody.of(one, source, directory, caller.identity()))
                .toList();
        return ids(change.addAll(source, dependencies, caller.identity()));
    }

    /** For deployments of managers that wrote no dependencies down. Source: the client's {@code legacy_restore}, which wants JSON. */
    @POST
    @Path("/restore")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response restore(@Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        String deployment = body.requiredText("deployment_id");
        restore.restore(
                deployment,
                body.requiredFlag("update_service_composition"),
                body.boolIfGiven("runtime_only_evaluation", false),
                caller.identity());
        return Response.ok(NullNode.getInstance())
                .header(Made.HEADER, deployment)
                .build();
    }

    @DELETE
    @Consumes(MediaType.APPLICATION_JSON)
    public void remove(@Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        DependencyInBody.requireTypes(body);
        change.remove(
                body.requiredText("dependency_creator"),
                DependencyInBody.deployment(body, "source_deployment"),
                DependencyInBody.deployment(body, "target_deployment"),
                body.has("external_source"),
                body.has("external_target"),
                body.flag("is_component_deletion", false),
                caller.identity());
    }

    /** What the API answers of several: their ids. */
    static ObjectNode ids(List<String> ids) {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        ids.forEach(id -> items.addObject().put("id", id));
        return Listing.envelope(items, items.size(), items.size(), 0);
    }
}
