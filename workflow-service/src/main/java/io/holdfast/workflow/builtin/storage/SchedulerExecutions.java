package io.holdfast.workflow.builtin.storage;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.InternalHttp;
import io.holdfast.workflow.builtin.Executions;
import io.holdfast.workflow.builtin.Line;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Executions as the scheduler-service shows them, and its journal. */
@ApplicationScoped
class SchedulerExecutions implements Executions {

    private static final String EXECUTIONS = "/executions";
    private static final String LOGGER = "ctx.workflow";
    private static final String TOTAL = "total_operations";
    private static final String FINISHED = "finished_operations";

    private final Neighbours neighbours;

    SchedulerExecutions(Neighbours neighbours) {
        this.neighbours = neighbours;
    }

    @Override
    public @Nullable String status(String tenantName, String executionId) {
        try {
            return Answer.text(neighbours
                    .scheduler(tenantName)
                    .get(path(executionId) + "?_include=status", Answer.OBJECT)
                    .get("status"));
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public String start(String tenantName, Start start) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("deployment_id", start.deploymentId());
        request.put("workflow_id", start.workflowId());
        request.put("parameters", start.parameters());
        request.put("allow_custom_parameters", true);
        request.put("force", start.force());
        request.put("queue", true);
        put(request, "blueprint_id", start.blueprintId());
        return Answer.text(neighbours
                .scheduler(tenantName, start.creator())
                .post(EXECUTIONS, request, Map.class)
                .get("id"));
    }

    @Override
    public void cancel(String tenantName, String executionId) {
        try {
            neighbours.scheduler(tenantName).send("POST", path(executionId), Map.of("action", "cancel"));
        } catch (ManagerException e) {
            if (e.code() != ErrorCode.ILLEGAL_ACTION && e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
        }
    }

    private static String path(String executionId) {
        return EXECUTIONS + "/" + InternalHttp.segment(executionId);
    }

    @Override
    public Progress progress(String tenantName, String executionId) {
        Map<String, Object> execution = neighbours
                .scheduler(tenantName)
                .get(path(executionId) + "?_include=total_operations,finished_operations", Answer.OBJECT);
        return new Progress(Answer.number(execution.get(TOTAL)), Answer.number(execution.get(FINISHED)));
    }

    @Override
    public void count(String tenantName, String executionId, Progress progress) {
        neighbours
                .scheduler(tenantName)
                .send(
                        "PUT",
                        "/operation-counts/" + InternalHttp.segment(executionId),
                        Map.of(TOTAL, progress.total(), FINISHED, progress.finished()));
    }

    @Override
    public void write(String tenantName, String executionId, List<Line> lines) {
        List<Map<String, Object>> events = new ArrayList<>();
        List<Map<String, Object>> logs = new ArrayList<>();
        for (Line line : lines) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("timestamp", line.at().toString());
            item.put("message", Map.of("text", line.message()));
            Map<String, Object> context = new LinkedHashMap<>();
            put(context, "node_id", line.nodeInstanceId());
            put(context, "node_name", line.nodeName());
            put(context, "operation", line.operation());
            item.put("context", context);
            if (line.eventType() != null) {
                item.put("event_type", line.eventType());
                events.add(item);
            } else {
                item.put("logger", LOGGER);
                put(item, "level", line.level());
                logs.add(item);
            }
        }
        neighbours
                .scheduler(tenantName)
                .send("POST", "/events", Map.of("execution_id", executionId, "events", events, "logs", logs));
    }

    private static void put(Map<String, Object> object, String name, @Nullable String value) {
        if (value != null) {
            object.put(name, value);
        }
    }
}
