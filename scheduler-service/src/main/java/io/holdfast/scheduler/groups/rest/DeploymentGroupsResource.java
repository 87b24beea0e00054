package io.holdfast.scheduler.groups.rest;

import io.holdfast.http.CurrentCaller;
import io.holdfast.scheduler.groups.app.RemoveGroups;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

/**
 * For the inventory, which owns deployment groups: {@code DELETE /internal/scheduler/deployment-groups/{id}} when one is deleted.
 * Idempotent.
 */
@Path("/internal/scheduler/deployment-groups")
@Blocking
public class DeploymentGroupsResource {

    private final RemoveGroups remove;
    private final CurrentCaller caller;

    DeploymentGroupsResource(RemoveGroups remove, CurrentCaller caller) {
        this.remove = remove;
        this.caller = caller;
    }

    @DELETE
    @Path("/{id}")
    public void remove(@PathParam("id") String id) {
        caller.requireService();
        remove.removeOf(caller.tenant(), id);
    }
}
