package io.holdfast.scheduler.reading;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Stands in for the inventory-service: there are groups of the deployments d1 and d3, and {@code many} of {@code m1} to {@code m300}. */
@Path("/internal/inventory/deployment-groups")
public class DeploymentGroupStub {

    /** {@code group deployment} each. */
    static final Set<String> EXTENDED = ConcurrentHashMap.newKeySet();

    @GET
    @Path("/{id}")
    public Map<String, Object> get(@PathParam("id") String id) {
        if (id.equals("many")) {
            return Map.of(
                    "deployment_ids",
                    IntStream.rangeClosed(1, 300).mapToObj(n -> "m" + n).toList());
        }
        if (!id.equals("g") && !id.equals("good") && !id.equals("bad")) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND, "Requested `DeploymentGroup` with ID `" + id + "` was not found", null);
        }
        return Map.of("deployment_ids", List.of("d1", "d3"));
    }

    @PATCH
    @Path("/{id}")
    public Map<String, Object> extend(@PathParam("id") String id, JsonNode change) {
        EXTENDED.add(id + " " + change.at("/add/deployment_ids/0").asText());
        return Map.of();
    }
}
