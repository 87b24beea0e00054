package io.holdfast.scheduler;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;

/**
 * Stands in for the inventory-service: every deployment but {@code missing} exists and has the same two workflows; {@code shop} needs
 * {@code needed}, which can be uninstalled; {@code checked} has a workflow whose parameters have constraints; the
 * creation of {@code unmade}, the execution {@code unmade-creation}, may have failed; {@code hidden} is private, {@code world} the
 * global deployment of another tenant.
 */
@Path("/internal/inventory/deployments")
@Produces(MediaType.APPLICATION_JSON)
public class InventoryStub {

    public static final String NEEDED_BY =
            "  [1] Deployment `shop` uses capabilities of the current deployment in its node `web`";

    @GET
    @Path("/{id}/dependents")
    public Map<String, Object> dependents(@PathParam("id") String id) {
        return Map.of("dependents", id.equals("needed") ? NEEDED_BY : "");
    }

    @GET
    @Path("/{id}")
    public Map<String, Object> get(@PathParam("id") String id) {
        if (id.equals("missing")) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND, "Requested `Deployment` with ID `" + id + "` was not found", null);
        }
        if (id.equals("needed")) {
            return Map.of(
                    "id",
                    id,
                    "workflows",
                    List.of(Map.of("name", "uninstall", "parameters", Map.of(), "is_available", true)));
        }
        if (id.equals("checked")) {
            return Map.of(
                    "id",
                    id,
                    "workflows",
                    List.of(Map.of(
                            "name",
                            "tune",
                            "parameters",
                            Map.of(
                                    "size",
                                    Map.of("type", "integer", "constraints", List.of(Map.of("less_than", 5))),
                                    "node",
                                    Map.of("type", "node_id")),
                            "is_available",
                            true)));
        }
        if (id.equals("hidden") || id.equals("world")) {
            return Map.of(
                    "id",
                    id,
                    "tenant_name",
                    id.equals("world") ? "elsewhere" : "default_tenant",
                    "visibility",
                    id.equals("world") ? "global" : "private",
                    "workflows",
                    List.of(Map.of("name", "install", "parameters", Map.of(), "is_available", true)));
        }
        if (id.equals("unmade")) {
            return Map.of("id", id, "create_execution", "unmade-creation");
        }
        return Map.of(
                "id",
                id,
                "display_name",
                "Deployment " + id,
                "blueprint_id",
                "bp",
                "workflows",
                List.of(
                        Map.of("name", "install", "parameters", Map.of(), "is_available", true),
                        Map.of(
                                "name",
                                "scale",
                                "parameters",
                                Map.of(
                                        "delta", Map.of("type", "integer", "default", 1),
                                        "group", Map.of("type", "string")))));
    }
}
