package io.holdfast.scheduler.operations.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.scheduler.SentFields;
import io.holdfast.scheduler.operations.app.ChangeOperations;
import io.holdfast.scheduler.operations.app.NodeOperations;
import io.holdfast.scheduler.reading.app.OperationCatalogue;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /operations}, and {@code PUT}, {@code PATCH} and {@code DELETE /operations/{id}} of the manager API. */
@Path("/internal/scheduler/operations")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class OperationWriteResource {

    private static final String UPDATE_STORED = "update-stored";
    private static final Set<String> SIDES = Set.of("source_operations", "target_operations");

    private final ChangeOperations change;
    private final OperationCatalogue catalogue;
    private final CurrentCaller caller;
    private final Clock clock;

    OperationWriteResource(ChangeOperations change, OperationCatalogue catalogue, CurrentCaller caller, Clock clock) {
        this.change = change;
        this.catalogue = catalogue;
        this.caller = caller;
        this.clock = clock;
    }

    /**
     * {@code update-stored} gives operations to resume the inputs that their deployment declares now. Any other action does nothing and
     * is no error, as in the existing API.
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public void act(@Nullable JsonNode json) {
        SentFields body = SentFields.of(json);
        String tenant = caller.tenant();
        String action = body.required("action");
        if (!action.equals(UPDATE_STORED)) {
            return;
        }
        String deployment = body.required("deployment_id");
        if (deployment.isEmpty()) {
            return;
        }
        change.updateInputs(
                deployment,
                body.required("node_id"),
                body.required("operation"),
                relationship(body),
                caller.identity().in(tenant));
    }

    private static NodeOperations.@Nullable Relationship relationship(SentFields body) {
        JsonNode index = body.body().path("rel_index");
        if (index.isMissingNode() || index.isNull()) {
            return null;
        }
        if (!index.canConvertToInt() || !index.isIntegralNumber() || index.asInt() < 0) {
            throw SentFields.bad("rel_index is " + index + ", expected the index of a relationship, from 0");
        }
        String side = body.required("key");
        if (!SIDES.contains(side)) {
            throw SentFields.bad("key is `" + side + "`, expected source_operations or target_operations");
        }
        return new NodeOperations.Relationship(index.asInt(), side);
    }

    @PUT
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(@PathParam("id") String id, @Nullable JsonNode json) {
        SentFields body = SentFields.of(json);
        requireAll(body);
        change.add(
                OperationInBody.of(
                        body,
                        caller.tenant(),
                        id,
                        body.required("graph_id"),
                        caller.identity().username(),
                        clock.instant()),
                caller.identity());
        return Response.status(Response.Status.CREATED).entity(present(id)).build();
    }

    /** In the order in which the product says what is wrong. */
    private static void requireAll(SentFields body) {
        body.required("name");
        body.required("graph_id");
        body.require("dependencies", "list");
        body.list("dependencies");
        body.require("parameters", "dict");
        body.dict("parameters");
        body.required("type");
    }

    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode report(@PathParam("id") String id, @Nullable JsonNode json) {
        SentFields body = SentFields.of(json);
        change.report(
                caller.tenant(),
                id,
                new ChangeOperations.Report(
                        body.required("state"),
                        body.any("result"),
                        body.anyText("exception"),
                        body.array("exception_causes"),
                        body.text("manager_name"),
                        body.text("agent_name")),
                caller.identity());
        return JsonNodeFactory.instance.objectNode();
    }

    @DELETE
    @Path("/{id}")
    public ObjectNode delete(@PathParam("id") String id) {
        ObjectNode operation = present(id);
        change.remove(caller.tenant(), id, caller.identity());
        return operation;
    }

    private ObjectNode present(String id) {
        return catalogue
                .get(id, ListRequest.parseGet(Map.of()), caller.identity())
                .json();
    }
}
