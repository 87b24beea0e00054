package io.holdfast.gateway.requests;

import io.holdfast.contracts.requests.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The call of the manager API that does what a request asks for: its permission, its maintenance rule and its answer count.
 *
 * @param path decoded segments below the API's prefix
 * @param deployment the query parameter {@code deployment_id}, null for none
 */
public record Call(
        String method,
        List<String> path,
        @Nullable String deployment,
        @Nullable Map<String, Object> body) {

    public Call {
        path = List.copyOf(path);
    }

    /** @param executionId the id that a new execution gets, whenever and by whichever gateway the request is carried out */
    public static Call of(Request request, String executionId) {
        if (request instanceof Request.StartExecution start) {
            return new Call("POST", List.of("executions"), null, startBody(start, executionId));
        }
        if (request instanceof Request.CancelExecution cancel) {
            String mode = cancel.mode();
            return new Call(
                    "POST",
                    List.of("executions", cancel.executionId()),
                    null,
                    Map.of("action", mode == null ? "cancel" : mode));
        }
        if (request instanceof Request.GetExecution get) {
            return new Call("GET", List.of("executions", get.executionId()), null, null);
        }
        if (request instanceof Request.PutSchedule put) {
            return new Call("PUT", List.of("execution-schedules", put.schedule()), put.deployment(), scheduleBody(put));
        }
        if (request instanceof Request.DeleteSchedule delete) {
            return new Call("DELETE", List.of("execution-schedules", delete.schedule()), delete.deployment(), null);
        }
        if (request instanceof Request.CreateSnapshot create) {
            return new Call("PUT", List.of("snapshots", create.snapshot()), null, snapshotBody(create));
        }
        throw new IllegalArgumentException("no call for " + request.type());
    }

    /** The thing that it makes or changes, to be asked for when it is not known whether it was done. */
    public Call asQuestion() {
        return new Call("GET", path, deployment, null);
    }

    private static Map<String, Object> startBody(Request.StartExecution start, String executionId) {
        Map<String, Object> body = new HashMap<>();
        body.put("id", executionId);
        body.put("deployment_id", start.deployment());
        body.put("workflow_id", start.workflow());
        put(body, "parameters", start.parameters());
        put(body, "allow_custom_parameters", start.allowCustomParameters());
        put(body, "scheduled_time", start.scheduledTime());
        put(body, "queue", start.queue());
        put(body, "force", start.force());
        put(body, "dry_run", start.dryRun());
        put(body, "priority", start.priority());
        return body;
    }

    private static Map<String, Object> scheduleBody(Request.PutSchedule put) {
        Map<String, Object> body = new HashMap<>(put.definition());
        body.put("workflow_id", put.workflow());
        put(body, "parameters", put.parameters());
        return body;
    }

    private static Map<String, Object> snapshotBody(Request.CreateSnapshot create) {
        Map<String, Object> body = new HashMap<>();
        put(body, "include_credentials", create.includeCredentials());
        put(body, "include_logs", create.includeLogs());
        put(body, "include_events", create.includeEvents());
        put(body, "queue", create.queue());
        return body;
    }

    private static void put(Map<String, Object> body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value);
        }
    }
}
