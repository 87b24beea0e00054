package io.holdfast.gateway.manager.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.gateway.manager.ClusterHealth;
import io.holdfast.gateway.manager.Health;
import io.holdfast.gateway.manager.NodeHealth;
import io.holdfast.gateway.manager.Part;
import io.holdfast.gateway.manager.app.FindClusterHealth;
import io.holdfast.gateway.manager.app.FindHealth;
import io.holdfast.http.ApiTime;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** How the manager is, in the two shapes of the manager API. Source: cloudify-api section 15. */
@Path("/internal/gateway")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class StatusResource {

    private final FindHealth findHealth;
    private final FindClusterHealth findClusterHealth;
    private final ObjectMapper json;
    private final Clock clock;

    public StatusResource(FindHealth findHealth, FindClusterHealth findClusterHealth, ObjectMapper json, Clock clock) {
        this.findHealth = findHealth;
        this.findClusterHealth = findClusterHealth;
        this.json = json;
        this.clock = clock;
    }

    @GET
    @Path("/status")
    public ObjectNode status(@Context UriInfo uri) {
        Health health = findHealth.now();
        ObjectNode answer = json.createObjectNode().put("status", health.isWhole() ? "OK" : "Fail");
        ObjectNode services = answer.putObject("services");
        if (!isSummary(uri)) {
            all(health).forEach(part -> services.set(part.name(), ofPart(part).put("is_remote", false)));
        }
        return answer;
    }

    @GET
    @Path("/cluster-status")
    public Response clusterStatus(@Context UriInfo uri) {
        ClusterHealth health = findClusterHealth.now();
        ObjectNode answer =
                json.createObjectNode().put("status", health.status().wireName());
        ObjectNode services = answer.putObject("services");
        if (isSummary(uri)) {
            return Response.status(health.status() == ClusterHealth.Status.FAIL ? 500 : 200)
                    .entity(answer)
                    .build();
        }
        services.set("manager", cluster(health.manager()));
        services.set("db", cluster(health.database()));
        services.set("broker", cluster(health.broker()));
        return Response.ok(answer).build();
    }

    private static boolean isSummary(UriInfo uri) {
        return ListRequest.flag(uri.getQueryParameters(), "summary", false);
    }

    private static List<Part> all(Health health) {
        List<Part> parts = new ArrayList<>(health.services());
        parts.add(health.database());
        parts.add(health.broker());
        return parts;
    }

    private ObjectNode cluster(ClusterHealth.Service service) {
        ObjectNode cluster = json.createObjectNode()
                .put("status", service.status().wireName())
                .put("is_external", service.external());
        ObjectNode nodes = cluster.putObject("nodes");
        service.nodes().forEach(node -> nodes.set(node.name(), ofNode(node)));
        return cluster;
    }

    private ObjectNode ofNode(NodeHealth health) {
        ObjectNode node = json.createObjectNode()
                .put("status", health.isOk() ? "OK" : "Fail")
                .put("private_ip", health.address())
                .put("public_ip", health.address())
                .put("version", ManagerResource.API_VERSION);
        ObjectNode services = node.putObject("services");
        ArrayNode metrics = node.putArray("metrics");
        ArrayNode failures = node.putArray("failures");
        String now = ApiTime.format(clock.instant());
        for (Part part : health.parts()) {
            services.set(part.name(), ofPart(part));
            metrics.addObject()
                    .put("last_check", now)
                    .put("healthy", part.active())
                    .put("metric_type", "readiness")
                    .put("metric_name", part.unit());
            if (!part.active()) {
                failures.add(part.name() + " does not answer");
            }
        }
        return node;
    }

    private ObjectNode ofPart(Part part) {
        ObjectNode shown = json.createObjectNode().put("status", part.active() ? "Active" : "Inactive");
        ObjectNode unit = shown.putObject("extra_info").putObject("systemd");
        unit.putArray("instances")
                .addObject()
                .put("Id", part.unit())
                .put("Description", part.name())
                .put("state", part.active() ? "running" : "stopped");
        unit.put("display_name", part.name()).put("unit_id", part.unit());
        return shown;
    }
}
