package io.holdfast.scheduler.reading.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.scheduler.Rights;
import io.holdfast.scheduler.directory.app.Directory;
import io.holdfast.scheduler.reading.app.ScheduleCatalogue;
import io.holdfast.scheduler.schedules.Schedule;
import io.holdfast.scheduler.schedules.app.KeepSchedule;
import io.holdfast.scheduler.schedules.app.ScheduleBody;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Schedules as the manager API has them. */
@Path("/internal/scheduler/execution-schedules")
@Blocking
public class SchedulesResource {

    private final ScheduleCatalogue schedules;
    private final KeepSchedule keep;
    private final Directory directory;
    private final CurrentCaller caller;

    public SchedulesResource(
            ScheduleCatalogue schedules, KeepSchedule keep, Directory directory, CurrentCaller caller) {
        this.schedules = schedules;
        this.keep = keep;
        this.directory = directory;
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
        Schedule.Key key = key(id, deploymentId);
        return schedules
                .get(id, key.deploymentId(), ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }

    /** 201 with the schedule. */
    @PUT
    @Path("/{id}")
    public Response create(
            @PathParam("id") String id,
            @QueryParam("deployment_id") @Nullable String deploymentId,
            @Nullable Map<String, @Nullable Object> json) {
        ResourceId.check("schedule_id", id);
        Schedule.Key key = key(id, deploymentId);
        ScheduleBody body = ScheduleBody.of(json);
        requireRights(body);
        keep.create(key, body, caller.identity().username());
        return created(key);
    }

    /** For what only a tool that rebuilds a manager sets: what a schedule starts runs with the rights of its owner. */
    private void requireRights(ScheduleBody body) {
        if (body.text("created_at") != null) {
            Rights.require(Rights.SET_TIMESTAMP, caller.identity());
        }
        directory.requireOwner(body.text("created_by"), caller.identity());
    }

    /** 201 with the schedule, as the existing product answers. */
    @PATCH
    @Path("/{id}")
    public Response change(
            @PathParam("id") String id,
            @QueryParam("deployment_id") @Nullable String deploymentId,
            @Nullable Map<String, @Nullable Object> json) {
        Schedule.Key key = visible(id, deploymentId);
        keep.change(key, ScheduleBody.of(json), caller.identity().username());
        return created(key);
    }

    @DELETE
    @Path("/{id}")
    public Response remove(@PathParam("id") String id, @QueryParam("deployment_id") @Nullable String deploymentId) {
        keep.remove(visible(id, deploymentId), caller.identity().username());
        return Response.noContent().build();
    }

    /** Of one that the caller sees: others are as if they were not there. */
    private Schedule.Key visible(String id, @Nullable String deploymentId) {
        Schedule.Key key = key(id, deploymentId);
        schedules.get(key.id(), key.deploymentId(), ListRequest.all(), caller.identity());
        return key;
    }

    private Response created(Schedule.Key key) {
        return Response.status(Response.Status.CREATED)
                .entity(schedules
                        .get(
                                key.id(),
                                key.deploymentId(),
                                ListRequest.parseGet(new MultivaluedHashMap<>()),
                                caller.identity())
                        .json())
                .build();
    }

    private Schedule.Key key(String id, @Nullable String deploymentId) {
        return keyOf(caller.tenant(), id, deploymentId);
    }

    static Schedule.Key keyOf(String tenant, String id, @Nullable String deploymentId) {
        if (deploymentId == null || deploymentId.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "the query parameter `deployment_id` is missing: a schedule's id is unique only within its deployment",
                    "ask for /execution-schedules/" + id + "?deployment_id=<deployment>");
        }
        return new Schedule.Key(tenant, deploymentId, id);
    }
}
