package io.holdfast.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import jakarta.inject.Singleton;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What the inventory tells the workflow-service, to which workers are attached or not. */
@Singleton
@Path("/internal/workflow")
public class WorkflowStandIn {

    /** The body, with {@code task}, {@code tenant} and {@code caller}. */
    final List<ObjectNode> told = Collections.synchronizedList(new ArrayList<>());

    volatile boolean hasWorkers = true;

    private final CurrentCaller caller;

    WorkflowStandIn(CurrentCaller caller) {
        this.caller = caller;
    }

    void clear() {
        told.clear();
        hasWorkers = true;
    }

    @POST
    @Path("/plugin-tasks/{task}")
    public Map<String, Boolean> tell(@PathParam("task") String task, JsonNode body) {
        if (hasWorkers) {
            told.add(((ObjectNode) body)
                    .put("task", task)
                    .put("tenant", caller.tenant())
                    .put("caller", caller.identity().authMethod()));
        }
        return Map.of("told", hasWorkers);
    }
}
