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
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
    public ObjectNode read(@QueryParam("_include") @Nullable String include) {
        return only(include, mapper.valueToTree(MaintenanceView.of(readMaintenance.read())));
    }

    /** As lists of other services do it. */
    private static ObjectNode only(@Nullable String include, ObjectNode view) {
        if (include == null || include.isEmpty()) {
            return view;
        }
        List<String> wanted = List.of(include.split(","));
        List<String> unknown = wanted.stream().filter(name -> !view.has(name)).toList();
        if (!unknown.isEmpty()) {
            List<String> known = new ArrayList<>();
            view.fieldNames().forEachRemaining(known::add);
            throw new ManagerException(
                    ErrorCode.NO_SUCH_INCLUDE_FIELD,
                    "Include keys '" + quoted(unknown) + "' do not exist. Allowed keys are: " + quoted(known),
                    null);
        }
        return view.retain(wanted);
    }

    private static String quoted(List<String> names) {
        return names.stream().collect(Collectors.joining("', '", "['", "']"));
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
