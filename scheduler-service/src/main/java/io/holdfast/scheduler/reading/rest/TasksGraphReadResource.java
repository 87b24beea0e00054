package io.holdfast.scheduler.reading.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
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

    private static final String EXECUTION = "execution_id";

    private final GraphCatalogue catalogue;
    private final ExecutionCatalogue executions;
    private final CurrentCaller caller;

    public TasksGraphReadResource(GraphCatalogue catalogue, ExecutionCatalogue executions, CurrentCaller caller) {
        this.catalogue = catalogue;
        this.executions = executions;
        this.caller = caller;
    }

    /** Those of one execution. */
    @GET
    public ObjectNode list(@Context UriInfo uri) {
        ListRequest request = ListRequest.parse(uri.getQueryParameters());
        List<String> of = request.filters().get(EXECUTION);
        if (of == null) {
            // The existing API answers with an object here; this is what its client makes of it.
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "{'" + EXECUTION + "': 'Missing required parameter in the query string'}",
                    "name the execution: ?" + EXECUTION + "=ID");
        }
        executions.requireKnown(of, caller.identity());
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
