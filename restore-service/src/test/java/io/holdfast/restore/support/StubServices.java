package io.holdfast.restore.support;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The snapshot-, scheduler- and cluster-service, as far as restores call them. */
@Path("/internal")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Blocking
public class StubServices {

    public static final Map<String, String> STATUS = new ConcurrentHashMap<>();
    public static final Map<String, java.nio.file.Path> ARCHIVES = new ConcurrentHashMap<>();
    public static final List<String> GATE = new CopyOnWriteArrayList<>();

    /** What was reported of each execution, in turn. */
    public static final Map<String, List<Map<String, Object>>> EXECUTIONS = new ConcurrentHashMap<>();

    /** The statuses that were reported of an execution, and where the gate was. */
    public static List<String> shown(String id) {
        return EXECUTIONS.getOrDefault(id, List.of()).stream()
                .map(report -> report.get("status") + " " + report.get("gate"))
                .toList();
    }

    /** Done whenever the gate is entered or left, before the answer. */
    public static volatile Runnable atTheGate = () -> {};

    @GET
    @Path("snapshot/v1/snapshots/{id}")
    public Map<String, Object> snapshot(@PathParam("id") String id) {
        String status = STATUS.get(id);
        if (status == null) {
            throw new NotFoundException();
        }
        return Map.of("id", id, "status", status);
    }

    @GET
    @Path("snapshot/snapshots/{id}/archive")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Response archive(@PathParam("id") String id) {
        return Response.ok(ARCHIVES.get(id).toFile()).build();
    }

    @PUT
    @Path("scheduler/system-executions/{id}")
    public Map<String, Object> execution(@PathParam("id") String id, Map<String, Object> report) {
        Map<String, Object> noted = new HashMap<>(report);
        noted.put("gate", GATE.size() % 2 == 0 ? "open" : "closed");
        EXECUTIONS.computeIfAbsent(id, any -> new CopyOnWriteArrayList<>()).add(noted);
        return report;
    }

    @POST
    @Path("cluster/gate/{what}")
    public Map<String, Object> gate(@PathParam("what") String what, Map<String, Object> body) {
        atTheGate.run();
        GATE.add(what + " " + body.get("reason"));
        return Map.of("status", "activated");
    }
}
