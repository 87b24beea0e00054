package io.holdfast.scheduler.reading;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import java.util.Map;

/** Stands in for the inventory-service: there is one group, of the deployments d1 and d3. */
@Path("/internal/inventory/deployment-groups")
public class DeploymentGroupStub {

    @GET
    @Path("/{id}")
    public Map<String, Object> get(@PathParam("id") String id) {
        if (!id.equals("g")) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND, "Requested `DeploymentGroup` with ID `" + id + "` was not found", null);
        }
        return Map.of("deployment_ids", List.of("d1", "d3"));
    }
}
