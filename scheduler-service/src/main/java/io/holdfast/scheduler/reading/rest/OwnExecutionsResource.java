package io.holdfast.scheduler.reading.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Row;
import io.holdfast.scheduler.history.HistoryStep;
import io.holdfast.scheduler.history.app.ReadHistory;
import io.holdfast.scheduler.reading.app.ExecutionCatalogue;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/holdfast/v1/executions}: what the manager API has no word for, such as priorities and the history of an execution. */
@Path("/internal/scheduler/v1/executions")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class OwnExecutionsResource {

    private final ExecutionCatalogue executions;
    private final ReadHistory history;
    private final CurrentCaller caller;

    OwnExecutionsResource(ExecutionCatalogue executions, ReadHistory history, CurrentCaller caller) {
        this.executions = executions;
        this.history = history;
        this.caller = caller;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return executions
                .listWithTurns(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(@PathParam("id") String id, @Context UriInfo uri) {
        return executions
                .getWithTurn(id, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }

    /** The first step first. */
    @GET
    @Path("/{id}/history")
    public Map<String, Object> history(
            @PathParam("id") String id,
            @QueryParam("_size") @DefaultValue("100") int size,
            @QueryParam("_offset") @DefaultValue("0") int offset) {
        if (size < 1 || size > 1_000 || offset < 0) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "_size is a number from 1 to 1000 and _offset not negative, but got: " + size + " and " + offset,
                    null);
        }
        Row execution = executions.getWithTurn(id, ListRequest.all(), caller.identity());
        ReadHistory.Page page = history.of(execution.tenant(), execution.id(), size, offset);
        return Map.of(
                "items",
                page.steps().stream().map(OwnExecutionsResource::shown).toList(),
                "metadata",
                Map.of("pagination", Map.of("total", page.total(), "size", size, "offset", offset)));
    }

    private static Map<String, @Nullable Object> shown(HistoryStep step) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("from", step.from());
        json.put("to", step.to());
        json.put("at", ApiTime.format(step.at()));
        json.put("changed_by", step.changedBy());
        json.put("reason_code", step.reasonCode());
        json.put("attempt", step.attempt());
        json.put("epoch", step.epoch());
        return json;
    }
}
