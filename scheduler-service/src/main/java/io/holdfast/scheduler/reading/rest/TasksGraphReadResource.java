package io.holdfast.scheduler.reading.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.scheduler.reading.app.ExecutionCatalogue;
import io.holdfast.scheduler.reading.app.GraphCatalogue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;

@Path("/internal/scheduler/tasks_graphs")
public class TasksGraphReadResource {

    private final GraphCatalogue catalogue;
    private final ExecutionCatalogue executions;
    private final CurrentCaller caller;

    public TasksGraphReadResource(GraphCatalogue catalogue, ExecutionCatalogue executions, CurrentCaller caller) {
        this.catalogue = catalogue;
        this.executions = executions;
        this.caller = caller;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        ListRequest request = ListRequest.parse(uri.getQueryParameters());
        executions.requireKnown(request.filters().getOrDefault("execution_id", List.of()), caller.identity());
        return catalogue.list(request, caller.identity()).toJson();
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(@PathParam("id") String id, @Context UriInfo uri) {
        return catalogue
                .get(id, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }
}
