package io.holdfast.inventory;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.Set;

/** The tenants t1 and t2, the users admin, bob and eve, and the managers m1 to m5. */
@Singleton
@Path("/internal/gateway")
public class GatewayStandIn {

    private static final Set<String> KNOWN = Set.of("t1", "t2", "admin", "bob", "eve");
    private static final Set<String> MANAGERS = Set.of("m1", "m2", "m3", "m4", "m5");

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

    @GET
    @Path("/managers")
    public ObjectNode managers(@QueryParam("hostname") String hostname) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode items = answer.putArray("items");
        MANAGERS.stream()
                .filter(hostname::equals)
                .forEach(name -> items.addObject().put("hostname", name));
        return answer;
    }

    private static ObjectNode known(String model, String name) {
        if (!KNOWN.contains(name)) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND, "Requested `" + model + "` with ID `" + name + "` was not found", null);
        }
        return JsonNodeFactory.instance.objectNode().put("name", name);
    }
}
