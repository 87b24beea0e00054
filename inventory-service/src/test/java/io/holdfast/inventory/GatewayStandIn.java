package io.holdfast.inventory;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.Set;

/** The tenants t1 and t2, and the users admin, bob and eve. */
@Singleton
@Path("/internal/gateway")
public class GatewayStandIn {

    private static final Set<String> KNOWN = Set.of("t1", "t2", "admin", "bob", "eve");

    @GET
    @Path("/tenants/{name}")
    public ObjectNode tenant(@PathParam("name") String name) {
        return known("Tenant", name);
    }

    @GET
    @Path("/users/{name}")
    public ObjectNode user(@PathParam("name") String name) {
        return known("User", name);
    }

    private static ObjectNode known(String model, String name) {
        if (!KNOWN.contains(name)) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND, "Requested `" + model + "` with ID `" + name + "` was not found", null);
        }
        return JsonNodeFactory.instance.objectNode().put("name", name);
    }
}
