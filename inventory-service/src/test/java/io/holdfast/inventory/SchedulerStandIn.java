package io.holdfast.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.Listing;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What the inventory asks of and tells another service. */
@Singleton
@Path("/internal/scheduler")
public class SchedulerStandIn {

    final Map<String, ObjectNode> executions = new ConcurrentHashMap<>();
    final List<Integer> questions = new ArrayList<>();
    final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    /** {@code deployment [types]} each. */
    final List<String> deletedLogs = Collections.synchronizedList(new ArrayList<>());
    /** {@code deployment/schedule} each. */
    final List<String> schedules = Collections.synchronizedList(new ArrayList<>());

    /** What they were asked for with, by id. */
    final Map<String, ObjectNode> scheduled = new ConcurrentHashMap<>();

    /** What execution groups were asked for with. */
    final List<ObjectNode> groups = Collections.synchronizedList(new ArrayList<>());

    /** {@code tenant/deployment group} each, whose execution groups were to go. */
    final List<String> forgottenGroups = Collections.synchronizedList(new ArrayList<>());

    /** The newest execution, by deployment. */
    final Map<String, ObjectNode> latest = new ConcurrentHashMap<>();

    volatile boolean refuses;

    /** How often somebody asked which executions have changed. */
    final AtomicInteger askedForChanges = new AtomicInteger();

    private final CurrentCaller caller;

    SchedulerStandIn(CurrentCaller caller) {
        this.caller = caller;
    }

    void clear() {
        executions.clear();
        questions.clear();
        lines.clear();
        deletedLogs.clear();
        schedules.clear();
        scheduled.clear();
        latest.clear();
        groups.clear();
        forgottenGroups.clear();
        askedForChanges.set(0);
        refuses = false;
    }

    /** The only one of this workflow. */
    ObjectNode execution(String workflow) {
        List<ObjectNode> found = executions.values().stream()
                .filter(execution -> execution.path("workflow_id").asText().equals(workflow))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " executions of " + workflow + " in " + executions);
        }
        return found.get(0);
    }

    @POST
    @Path("/executions/lookup")
    public ObjectNode lookup(JsonNode question) {
        questions.add(question.path("ids").size());
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        var items = answer.putArray("items");
        for (JsonNode id : question.path("ids")) {
            ObjectNode execution = executions.get(
                    id.path("tenant_name").asText() + "/" + id.path("id").asText());
            if (execution != null) {
                items.add(execution);
            }
        }
        return answer;
    }

    @GET
    @Path("/executions")
    public ObjectNode list(
            @QueryParam("deployment_id") String deployment, @QueryParam("status") List<String> statuses) {
        var items = JsonNodeFactory.instance.arrayNode();
        executions.values().stream()
                .filter(execution -> execution.path("deployment_id").asText().equals(deployment))
                .filter(execution -> statuses.contains(execution.path("status").asText()))
                .forEach(items::add);
        return Listing.envelope(items, items.size(), 1000, 0);
    }

    @POST
    @Path("/executions")
    public Response submit(ObjectNode execution) {
        if (refuses) {
            throw new ManagerException(ErrorCode.SERVICE_UNAVAILABLE, "the stand-in refuses", null);
        }
        execution.put("tenant_name", caller.tenant());
        if (execution.has("force_status")) {
            execution.set("status", execution.get("force_status"));
        } else {
            execution.put("status", "pending").put("id", "started-" + executions.size());
        }
        executions.put(caller.tenant() + "/" + execution.path("id").asText(), execution);
        return Response.status(201).entity(execution).build();
    }

    @POST
    @Path("/execution-groups")
    public ObjectNode group(ObjectNode group) {
        if (refuses) {
            throw new ManagerException(ErrorCode.SERVICE_UNAVAILABLE, "the stand-in refuses", null);
        }
        groups.add(group);
        return group;
    }

    @DELETE
    @Path("/deployment-groups/{id}")
    public void forgetGroup(@PathParam("id") String id) {
        if (refuses) {
            throw new ManagerException(ErrorCode.SERVICE_UNAVAILABLE, "the stand-in refuses", null);
        }
        forgottenGroups.add(caller.tenant() + "/" + id);
    }

    @PATCH
    @Path("/executions/{id}")
    public ObjectNode report(@PathParam("id") String id, ObjectNode change) {
        ObjectNode execution = executions.get(caller.tenant() + "/" + id);
        execution.setAll(change);
        return execution;
    }

    @POST
    @Path("/executions/lookup/latest")
    public ObjectNode latest(JsonNode question) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        var items = answer.putArray("items");
        for (JsonNode id : question.path("ids")) {
            ObjectNode execution = latest.get(id.path("id").asText());
            if (execution != null) {
                items.add(execution);
            }
        }
        return answer;
    }

    @POST
    @Path("/executions/lookup/changed")
    public ObjectNode changed(JsonNode question) {
        askedForChanges.incrementAndGet();
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.putArray("items").addAll(latest.values());
        return answer.put("now", "2026-01-01T00:00:00.000Z").put("epoch", 1);
    }

    @GET
    @Path("/executions/{id}")
    public ObjectNode get(@PathParam("id") String id) {
        ObjectNode execution = executions.get(caller.tenant() + "/" + id);
        if (execution == null) {
            throw new ManagerException(ErrorCode.NOT_FOUND, "no execution " + id, null);
        }
        return execution;
    }

    @POST
    @Path("/executions/{id}")
    public ObjectNode act(@PathParam("id") String id, ObjectNode action) {
        return get(id).put("status", "cancelled")
                .put("action", action.path("action").asText());
    }

    @GET
    @Path("/execution-schedules")
    public ObjectNode schedules(@QueryParam("deployment_id") String deployment) {
        var items = JsonNodeFactory.instance.arrayNode();
        for (String schedule : schedules) {
            String of = schedule.substring(0, schedule.indexOf('/'));
            if (deployment == null || of.equals(deployment)) {
                items.addObject()
                        .put("id", schedule.substring(of.length() + 1))
                        .put("deployment_id", of)
                        .put("tenant_name", "t1");
            }
        }
        return Listing.envelope(items, items.size(), 1000, 0);
    }

    @PUT
    @Path("/execution-schedules/{id}")
    public Response addSchedule(
            @PathParam("id") String id, @QueryParam("deployment_id") String deployment, ObjectNode body) {
        if (body.path("workflow_id").asText().equals("none")) {
            throw new ManagerException(ErrorCode.NONEXISTENT_WORKFLOW, "Workflow none does not exist", null);
        }
        schedules.add(deployment + "/" + id);
        scheduled.put(id, body.put("created_by", caller.identity().username()));
        return Response.status(201).entity(body).build();
    }

    @PATCH
    @Path("/execution-schedules/{id}")
    public Response changeSchedule(
            @PathParam("id") String id, @QueryParam("deployment_id") String deployment, ObjectNode body) {
        if (!schedules.contains(deployment + "/" + id)) {
            throw new ManagerException(ErrorCode.NOT_FOUND, "no schedule " + id, null);
        }
        scheduled.put(id, body.put("created_by", caller.identity().username()));
        return Response.status(201).entity(body).build();
    }

    @DELETE
    @Path("/execution-schedules/{id}")
    public void deleteSchedule(@PathParam("id") String id, @QueryParam("deployment_id") String deployment) {
        schedules.remove(deployment + "/" + id);
    }

    @DELETE
    @Path("/events")
    public void deleteEvents(@QueryParam("deployment_id") String deployment, @QueryParam("type") List<String> types) {
        deletedLogs.add(deployment + " " + types);
    }

    @POST
    @Path("/events")
    public Response record(JsonNode body) {
        body.path("events").forEach(line -> lines.add(line.at("/message/text").asText()));
        body.path("logs").forEach(line -> lines.add(line.at("/message/text").asText()));
        return Response.status(201).build();
    }
}
