package io.holdfast.cluster.maintenance.rest;

import io.holdfast.cluster.maintenance.GateState;
import io.holdfast.cluster.maintenance.Maintenance;
import io.holdfast.cluster.maintenance.app.EnterGate;
import io.holdfast.cluster.maintenance.app.LeaveGate;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** The gate for other services; users have {@code /maintenance}. Both answers tell the state that counts then. */
@Path("/internal/cluster/gate")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
public class GateResource {

    private final EnterGate enterGate;
    private final LeaveGate leaveGate;
    private final CurrentCaller caller;

    GateResource(EnterGate enterGate, LeaveGate leaveGate, CurrentCaller caller) {
        this.enterGate = enterGate;
        this.leaveGate = leaveGate;
        this.caller = caller;
    }

    /** @param requestedBy user on whose behalf; the calling service where it is absent */
    record Request(@Nullable String reason, @Nullable String requestedBy) {}

    @POST
    @Path("enter")
    public MaintenanceView enter(@Nullable Request request) {
        if (request == null || request.reason() == null || request.reason().isBlank()) {
            throw new ManagerException(ErrorCode.BAD_PARAMETERS, "Missing reason in json request body", null);
        }
        return view(enterGate.enter(request.reason(), by(request)));
    }

    @POST
    @Path("leave")
    public MaintenanceView leave(@Nullable Request request) {
        return view(leaveGate.leave(request == null ? null : request.reason(), by(request)));
    }

    private String by(@Nullable Request request) {
        String service = caller.identity().username();
        if (!caller.identity().authMethod().equals(CallerIdentity.INTERNAL)) {
            throw new ManagerException(ErrorCode.FORBIDDEN, "the gate is for services, not for " + service, null);
        }
        return request == null || request.requestedBy() == null ? service : request.requestedBy();
    }

    private static MaintenanceView view(GateState state) {
        return MaintenanceView.of(new Maintenance(state, null));
    }
}
