package io.holdfast.scheduler.executions.rest;

import io.holdfast.http.CurrentCaller;
import io.holdfast.scheduler.executions.Executions;
import io.holdfast.scheduler.executions.app.FindDispatch;
import io.holdfast.scheduler.executions.app.FindDispatch.Dispatch;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the gateway asks before it believes the token of an execution's worker. Never for users: the answer holds a token. */
@Path("/internal/scheduler/dispatches")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class DispatchesResource {

    private final FindDispatch find;
    private final CurrentCaller caller;

    DispatchesResource(FindDispatch find, CurrentCaller caller) {
        this.find = find;
        this.caller = caller;
    }

    /** {@code token}, {@code created_by}, {@code active} of an execution of the caller's tenant. */
    @GET
    @Path("/{id}")
    public Map<String, Object> get(@PathParam("id") String id) {
        caller.requireService();
        Dispatch dispatch = find.find(caller.tenant(), id).orElseThrow(() -> Executions.missing(id));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("token", dispatch.token());
        json.put("created_by", dispatch.createdBy());
        json.put("active", dispatch.active());
        return json;
    }
}
