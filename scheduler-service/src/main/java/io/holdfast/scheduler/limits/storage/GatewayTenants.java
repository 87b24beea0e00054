package io.holdfast.scheduler.limits.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
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
        String name = InternalHttp.segment(tenantName);
        try {
            http.to("gateway").as(caller.identity()).get("/tenants/" + name, JsonNode.class);
            return true;
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
