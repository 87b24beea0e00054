package io.holdfast.scheduler.reading.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.scheduler.reading.app.ScheduleCatalogue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import org.jspecify.annotations.Nullable;

@Path("/internal/scheduler/execution-schedules")
public class ScheduleReadResource {

    private final ScheduleCatalogue schedules;
    private final CurrentCaller caller;

    public ScheduleReadResource(ScheduleCatalogue schedules, CurrentCaller caller) {
        this.schedules = schedules;
        this.caller = caller;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return schedules
                .list(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(
            @PathParam("id") String id,
            @QueryParam("deployment_id") @Nullable String deploymentId,
            @Context UriInfo uri) {
        if (deploymentId == null || deploymentId.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "the query parameter `deployment_id` is missing: a schedule's id is unique only within its deployment",
                    "ask for /execution-schedules/" + id + "?deployment_id=<deployment>");
        }
        return schedules
                .get(id, deploymentId, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }
}
