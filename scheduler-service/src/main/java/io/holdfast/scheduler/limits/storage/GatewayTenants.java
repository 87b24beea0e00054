package io.holdfast.scheduler.limits.storage;

import io.holdfast.http.CurrentCaller;
import io.holdfast.http.InternalHttp;
import io.holdfast.scheduler.limits.Tenants;
import jakarta.enterprise.context.ApplicationScoped;

/** As the gateway-service knows them, on behalf of the present caller. */
@ApplicationScoped
class GatewayTenants implements Tenants {

    private final InternalHttp http;
    private final CurrentCaller caller;

    GatewayTenants(InternalHttp http, CurrentCaller caller) {
        this.http = http;
        this.caller = caller;
    }

    @Override
    public boolean exists(String tenantName) {
        return http.to("gateway").as(caller.identity()).has("/tenants/" + InternalHttp.segment(tenantName));
    }
}
