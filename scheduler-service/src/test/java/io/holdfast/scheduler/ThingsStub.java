package io.holdfast.scheduler;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/** Stands in for the inventory-service, which knows what there is: the deployment {@code checked} has the node {@code web}. */
@Path("/internal/inventory/things")
@Produces(MediaType.APPLICATION_JSON)
public class ThingsStub {

    @POST
    public Map<String, Boolean> has(JsonNode body) {
        return Map.of(
                "there",
                body.path("type").asText().equals("node_id")
                        && body.path("name").asText().equals("web")
                        && body.at("/constraints/deployment_id").asText().equals("checked"));
    }
}
