package io.holdfast.scheduler.reading;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Map;

/** Stands in for the inventory-service: every deployment has the node web, which is related to db. */
@Path("/internal/inventory/nodes")
public class NodeStub {

    @GET
    public Map<String, Object> list(@QueryParam("id") String id) {
        Map<String, Object> web = Map.of(
                "operations", operations(2),
                "relationships", List.of(Map.of("target_id", "db", "target_operations", operations(3))));
        return Map.of("items", "web".equals(id) ? List.of(web) : List.of());
    }

    private static Map<String, Object> operations(int size) {
        return Map.of("i.create", Map.of("inputs", Map.of("size", size)));
    }
}
