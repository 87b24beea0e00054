package io.holdfast.scheduler.tenants.rest;

import io.holdfast.http.CurrentCaller;
import io.holdfast.scheduler.tenants.app.ForgetTenant;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

/** For the gateway, which owns tenants: {@code DELETE /internal/scheduler/tenants/{name}} when one is deleted. Idempotent. */
@Path("/internal/scheduler/tenants")
@Blocking
public class TenantsResource {

    private final ForgetTenant forget;
    private final CurrentCaller caller;

    TenantsResource(ForgetTenant forget, CurrentCaller caller) {
        this.forget = forget;
        this.caller = caller;
    }

    @DELETE
    @Path("/{name}")
    public void forget(@PathParam("name") String name) {
        caller.requireService();
        forget.forget(name);
    }
}
