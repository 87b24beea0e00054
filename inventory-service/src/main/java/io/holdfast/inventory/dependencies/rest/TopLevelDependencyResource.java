package io.holdfast.inventory.dependencies.rest;

import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.dependencies.app.ChangeDependencies;
import io.holdfast.inventory.dependencies.app.InterDeploymentDependencies;
import io.holdfast.inventory.dependencies.app.RestoreDependencies;
import io.holdfast.inventory.directory.app.Directory;
import jakarta.ws.rs.Path;

/** The same resource under its older name. */
@Path("/internal/inventory/inter-deployment-dependencies")
public class TopLevelDependencyResource extends InterDeploymentDependencyResource {

    public TopLevelDependencyResource(
            InterDeploymentDependencies catalogue,
            ChangeDependencies change,
            RestoreDependencies restore,
            Directory directory,
            CurrentCaller caller) {
        super(catalogue, change, restore, directory, caller);
    }
}
