package io.holdfast.scheduler.reading.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.scheduler.reading.app.ExecutionCatalogue;
import io.holdfast.scheduler.reading.app.GraphCatalogue;
import io.holdfast.scheduler.reading.app.OperationCatalogue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Set;

@Path("/internal/scheduler/operations")
public class OperationReadResource {

    private static final String GRAPH = "graph_id";
    private static final String EXECUTION = "execution_id";
    private static final String SKIP_INTERNAL = "skip_internal";
    private static final String TYPE = "type";

    /** Operations of nodes and groups of such; all others are steps of the workflow itself. Source: the Cloudify REST API v3.1. */
    private static final List<String> NOT_INTERNAL = List.of("SubgraphTask", "RemoteWorkflowTask");

    private final OperationCatalogue catalogue;
    private final GraphCatalogue graphs;
    private final ExecutionCatalogue executions;
    private final CurrentCaller caller;

    public OperationReadResource(
            OperationCatalogue catalogue, GraphCatalogue graphs, ExecutionCatalogue executions, CurrentCaller caller) {
        this.catalogue = catalogue;
        this.graphs = graphs;
        this.executions = executions;
        this.caller = caller;
    }

    /** Those of one graph, or of one execution's graphs. */
    @GET
    public ObjectNode list(@Context UriInfo uri) {
        ListRequest request =
                ListRequest.parse(uri.getQueryParameters(), ListRequest.DEFAULT_SIZE, Set.of(SKIP_INTERNAL));
        boolean ofGraph = request.filters().containsKey(GRAPH);
        boolean ofExecution = request.filters().containsKey(EXECUTION);
        if (ofGraph && ofExecution) {
            throw bad("Pass either graph_id or execution_id, not both");
        }
        if (!ofGraph && !ofExecution) {
            throw bad("Missing required param: graph_id or execution_id");
        }
        List<String> of = request.filters().getOrDefault(ofGraph ? GRAPH : EXECUTION, List.of());
        (ofGraph ? graphs : executions).requireKnown(of, caller.identity());
        if (ListRequest.flag(uri.getQueryParameters(), SKIP_INTERNAL, false)
                && !request.filters().containsKey(TYPE)) {
            request = request.withFilter(TYPE, NOT_INTERNAL);
        }
        return catalogue.list(request, caller.identity()).toJson();
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(@PathParam("id") String id, @Context UriInfo uri) {
        return catalogue
                .get(id, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
