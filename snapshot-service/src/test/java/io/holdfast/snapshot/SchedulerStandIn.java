package io.holdfast.snapshot;

import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The scheduler, as far as it is told of executions. */
@Path("/internal/scheduler/system-executions/{id}")
@Produces(MediaType.APPLICATION_JSON)
public class SchedulerStandIn {

    /** What was told of each execution, in order. */
    static final Map<String, List<Map<String, Object>>> TOLD = new ConcurrentHashMap<>();

    static volatile boolean away;

    @PUT
    public Response record(String id, Map<String, Object> report) {
        if (away) {
            return Response.status(503).build();
        }
        TOLD.computeIfAbsent(id, first -> new CopyOnWriteArrayList<>()).add(report);
        return Response.ok(Map.of()).build();
    }
}
