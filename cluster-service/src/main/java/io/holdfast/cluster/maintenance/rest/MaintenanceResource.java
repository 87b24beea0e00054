package io.holdfast.cluster.maintenance.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.cluster.maintenance.GateState;
import io.holdfast.cluster.maintenance.app.ActivateMaintenance;
import io.holdfast.cluster.maintenance.app.DeactivateMaintenance;
import io.holdfast.cluster.maintenance.app.ReadMaintenance;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;

/** {@code /maintenance} of the API; permissions were checked by the gateway. */
@Path("/internal/cluster/maintenance")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Blocking
public class MaintenanceResource {

    private final ReadMaintenance readMaintenance;
    private final ActivateMaintenance activateMaintenance;
    private final DeactivateMaintenance deactivateMaintenance;
    private final CurrentCaller caller;
    private final ObjectMapper mapper;

    MaintenanceResource(
            ReadMaintenance readMaintenance,
            ActivateMaintenance activateMaintenance,
            DeactivateMaintenance deactivateMaintenance,
            CurrentCaller caller,
            ObjectMapper mapper) {
        this.readMaintenance = readMaintenance;
        this.activateMaintenance = activateMaintenance;
        this.deactivateMaintenance = deactivateMaintenance;
        this.caller = caller;
        this.mapper = mapper;
    }

    @GET
    public ObjectNode read(@Context UriInfo uri) {
        ObjectNode view = mapper.valueToTree(MaintenanceView.of(readMaintenance.read()));
        return ListRequest.parseGet(uri.getQueryParameters()).only(view);
    }

    /** Any body is accepted and none is read: clients send an empty one as JSON. */
    @POST
    @Path("{action}")
    public Response change(@PathParam("action") String action) {
        String username = caller.identity().username();
        if (action.equals("activate")) {
            return activateMaintenance.activate(username)
                    ? Response.ok(MaintenanceView.of(readMaintenance.read())).build()
                    : Response.notModified().build();
        }
        if (action.equals("deactivate")) {
            Optional<GateState> ended = deactivateMaintenance.deactivate(username);
            return ended.isPresent()
                    ? Response.ok(MaintenanceView.ended(ended.get())).build()
                    : Response.notModified().build();
        }
        throw new ManagerException(
                ErrorCode.BAD_PARAMETERS,
                "Invalid action: " + action + ", Valid action values are: ['activate', 'deactivate']",
                null);
    }
}
