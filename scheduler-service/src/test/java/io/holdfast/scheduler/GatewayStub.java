package io.holdfast.scheduler;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/** Stands in for the gateway-service: every tenant but {@code missing} exists, and every user but {@code nobody}. */
@Path("/internal/gateway")
@Produces(MediaType.APPLICATION_JSON)
public class GatewayStub {

    @GET
    @Path("/tenants/{name}")
    public Map<String, Object> get(@PathParam("name") String name) {
        if (name.equals("missing")) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND, "Requested `Tenant` with ID `" + name + "` was not found", null);
        }
        return Map.of("name", name);
    }

    @GET
    @Path("/users/{name}")
    public Map<String, Object> user(@PathParam("name") String name) {
        if (name.equals("nobody")) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND, "Requested `User` with ID `" + name + "` was not found", null);
        }
        return Map.of("username", name);
    }
}
