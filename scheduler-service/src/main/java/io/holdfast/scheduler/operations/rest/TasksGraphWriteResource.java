package io.holdfast.scheduler.operations.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.scheduler.Rights;
import io.holdfast.scheduler.SentFields;
import io.holdfast.scheduler.SentTime;
import io.holdfast.scheduler.operations.app.ChangeOperations;
import io.holdfast.scheduler.operations.app.OperationRecords;
import io.holdfast.scheduler.reading.app.GraphCatalogue;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code POST /tasks_graphs} of the manager API; clients ask for {@code /tasks_graphs/tasks_graphs}. */
@Path("/internal/scheduler/tasks_graphs")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class TasksGraphWriteResource {

    private final ChangeOperations change;
    private final GraphCatalogue catalogue;
    private final CurrentCaller caller;
    private final Clock clock;

    TasksGraphWriteResource(ChangeOperations change, GraphCatalogue catalogue, CurrentCaller caller, Clock clock) {
        this.change = change;
        this.catalogue = catalogue;
        this.caller = caller;
        this.clock = clock;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(@Nullable JsonNode json) {
        SentFields body = SentFields.of(json);
        String tenant = caller.tenant();
        String username = caller.identity().username();
        String name = body.required("name");
        String execution = body.required("execution_id");
        List<SentFields> given = body.objects("operations");
        String givenId = body.text("graph_id");
        String givenTime = body.text("created_at");
        if (givenId != null) {
            Rights.require(Rights.SET_EXECUTION_DETAILS, caller.identity());
        }
        if (givenTime != null || given.stream().anyMatch(operation -> operation.has("created_at"))) {
            Rights.require(Rights.SET_TIMESTAMP, caller.identity());
        }
        String id = givenId == null ? UUID.randomUUID().toString() : givenId;
        Instant now = clock.instant();
        List<OperationRecords.Operation> operations = given.stream()
                .map(one -> OperationInBody.of(
                        one, tenant, one.required("id"), id, username, time(one.text("created_at"), now)))
                .toList();
        change.add(
                new OperationRecords.Graph(tenant, id, name, execution, username, time(givenTime, now)),
                operations,
                caller.identity());
        return Response.status(Response.Status.CREATED)
                .entity(catalogue
                        .get(id, ListRequest.parseGet(Map.of()), caller.identity())
                        .json())
                .build();
    }

    private static Instant time(@Nullable String createdAt, Instant now) {
        return createdAt == null ? now : SentTime.parse("created_at", createdAt);
    }

    /** Workers tell how a graph is; the API has no field that would show it, so that only what is told is looked at. */
    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode tell(@PathParam("id") String id, @Nullable JsonNode json) {
        caller.tenant();
        SentFields.of(json).required("state");
        return catalogue
                .get(id, ListRequest.parseGet(Map.of()), caller.identity())
                .json();
    }

    /** Clients ask for {@code tasks_graphs/tasks_graphs}; what stands there is no id, whatever it is. */
    @POST
    @Path("/{ignored}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response addAsClientsAsk(@Nullable JsonNode json) {
        return add(json);
    }
}
