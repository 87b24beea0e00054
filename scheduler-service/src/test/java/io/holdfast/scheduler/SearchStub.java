package io.holdfast.scheduler;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;

/** Stands in for the searches of the inventory-service: the deployment {@code checked} has the node {@code web}. */
@Path("/internal/inventory/searches")
@Produces(MediaType.APPLICATION_JSON)
public class SearchStub {

    @POST
    @Path("/nodes")
    public Map<String, Object> nodes(@QueryParam("id") String id, JsonNode body) {
        boolean there = "web".equals(id)
                && "checked"
                        .equals(body.path("constraints").path("deployment_id").asText());
        return Map.of("items", there ? List.of(Map.of("id", id)) : List.of());
    }
}
