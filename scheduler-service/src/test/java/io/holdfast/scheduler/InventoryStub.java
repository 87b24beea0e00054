package io.holdfast.scheduler;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Stands in for the inventory-service: every deployment but {@code missing} exists and has the same two workflows; {@code shop} needs
 * {@code needed}, which can be uninstalled; {@code checked} has a workflow whose parameters have constraints; the
 * creation of {@code unmade}, the execution {@code unmade-creation}, may have failed; {@code hidden} is private, {@code world} the
 * global deployment of another tenant; {@code whole-X} has the component {@code part-X}, and that one {@code grain-X} and, in a circle,
 * the first: they have cascading workflows, but {@code grain-none} has no workflow {@code check}.
 */
@Path("/internal/inventory/deployments")
@Produces(MediaType.APPLICATION_JSON)
public class InventoryStub {

    public static final String NEEDED_BY =
            "  [1] Deployment `shop` uses capabilities of the current deployment in its node `web`";

    /** {@code deployment execution} each. */
    public static final List<String> MADE_BY = Collections.synchronizedList(new ArrayList<>());

    /** Which deployments were asked for without the availability of their workflows. */
    public static final List<String> WITHOUT_AVAILABILITY = Collections.synchronizedList(new ArrayList<>());

    @GET
    @Path("/{id}/dependents")
    public Map<String, Object> dependents(
            @PathParam("id") String id,
            @QueryParam("except") List<String> except,
            @QueryParam("services") boolean services) {
        boolean other = id.startsWith("part-") && !except.contains(id.replace("part-", "whole-"));
        return Map.of("dependents", id.equals("needed") && services || other ? NEEDED_BY : "");
    }

    @POST
    @Path("/components")
    public Map<String, Object> components(Map<String, List<String>> question) {
        Map<String, List<String>> components = new HashMap<>();
        for (String id : question.get("ids")) {
            if (id.startsWith("whole-")) {
                components.put(id, List.of(id.replace("whole-", "part-")));
            } else if (id.startsWith("part-")) {
                components.put(id, List.of(id.replace("part-", "grain-"), id.replace("part-", "whole-")));
            }
        }
        return Map.of("components", components);
    }

    @PUT
    @Path("/{id}/create-execution")
    public void madeBy(@PathParam("id") String id, Map<String, String> execution) {
        MADE_BY.add(id + " " + execution.get("id"));
    }

    @GET
    @Path("/{id}")
    public Map<String, Object> get(
            @PathParam("id") String id, @QueryParam("availability") @DefaultValue("true") boolean availability) {
        if (!availability) {
            WITHOUT_AVAILABILITY.add(id);
        }
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
        if (id.equals("inactive")) {
            return Map.of(
                    "id",
                    id,
                    "workflows",
                    List.of(
                            Map.of("name", "install", "parameters", Map.of(), "is_available", true),
                            Map.of("name", "uninstall", "parameters", Map.of(), "is_available", false)));
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
        if (id.startsWith("whole-") || id.startsWith("part-") || id.startsWith("grain-")) {
            Map<String, Object> parameters = Map.of("deep", Map.of("default", 1));
            return Map.of(
                    "id",
                    id,
                    "workflows",
                    Stream.of("install", "check", "stop")
                            .filter(name -> !(id.equals("grain-none") && name.equals("check")))
                            .map(name -> Map.of(
                                    "name", name, "parameters", parameters, "is_cascading", !name.equals("install")))
                            .toList());
        }
        if (id.equals("unmade") || id.equals("remade")) {
            return Map.of("id", id, "create_execution", id + "-creation");
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
