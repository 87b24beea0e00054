package io.holdfast.scheduler.reading.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.scheduler.reading.app.OperationCatalogue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

@Path("/internal/scheduler/operations")
public class OperationReadResource {

    private final OperationCatalogue catalogue;
    private final CurrentCaller caller;

    public OperationReadResource(OperationCatalogue catalogue, CurrentCaller caller) {
        this.catalogue = catalogue;
        this.caller = caller;
    }

    /** Those of one graph, or of one execution's graphs. */
    @GET
    public ObjectNode list(@Context UriInfo uri) {
        ListRequest request = ListRequest.parse(uri.getQueryParameters());
        boolean ofGraph = request.filters().containsKey("graph_id");
        boolean ofExecution = request.filters().containsKey("execution_id");
        if (ofGraph && ofExecution) {
            throw bad("Pass either graph_id or execution_id, not both");
        }
        if (!ofGraph && !ofExecution) {
            throw bad("Missing required param: graph_id or execution_id");
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
