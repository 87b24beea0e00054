package io.holdfast.inventory.dependencies.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.dependencies.app.ChangeDependencies;
import io.holdfast.inventory.dependencies.app.DependencyRecords.Dependency;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that one deployment needs. A path of its own: it is more specific than a deployment's. */
@Path("/internal/inventory/deployments/{id}/inter-deployment-dependencies")
@Blocking
public class DependenciesOfDeploymentResource {

    private final ChangeDependencies change;
    private final Directory directory;
    private final CurrentCaller caller;

    public DependenciesOfDeploymentResource(ChangeDependencies change, Directory directory, CurrentCaller caller) {
        this.change = change;
        this.directory = directory;
        this.caller = caller;
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode replace(@PathParam("id") String source, @Nullable JsonNode json) {
        caller.tenant();
        List<Dependency> dependencies = JsonBody.of(json).requiredObjects("inter_deployment_dependencies").stream()
                .map(one -> DependencyInBody.of(one, source, directory, caller.identity()))
                .toList();
        return InterDeploymentDependencyResource.ids(change.replace(source, dependencies, caller.identity()));
    }
}
