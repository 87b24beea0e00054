package io.holdfast.inventory.resources.storage;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.inventory.resources.Visibility;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells the scheduler of work that the inventory does itself, so that clients can follow it as an execution: with status, events and
 * logs. That the work is told of must not decide how it ends: only the beginning can be refused.
 */
@Singleton
public class ExecutionRecorder {

    private static final Logger LOG = Logger.getLogger(ExecutionRecorder.class);

    private static final int TRIES = 3;

    private final InternalHttp http;
    private final Clock clock;

    ExecutionRecorder(InternalHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    private InternalHttp.Service scheduler(String tenant) {
        return http.to("scheduler")
                .as(CallerIdentity.ofService("inventory", clock.instant()).in(tenant));
    }

    /**
     * @param deploymentId null: of no deployment
     * @param visibility who sees it where there is no deployment; null: as the deployment, or the tenant
     * @throws ManagerException {@code service_unavailable_error} if the scheduler does not answer
     */
    public void started(
            String tenant,
            String id,
            String workflow,
            @Nullable String deploymentId,
            String createdBy,
            Map<String, @Nullable Object> parameters,
            @Nullable Visibility visibility) {
        String now = ApiTime.format(clock.instant());
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("id", id);
        body.put("deployment_id", deploymentId == null ? "" : deploymentId);
        body.put("workflow_id", workflow);
        body.put("parameters", parameters);
        body.put("allow_custom_parameters", true);
        body.put("force_status", "started");
        body.put("created_by", createdBy);
        body.put("created_at", now);
        body.put("started_at", now);
        if (visibility != null) {
            body.put("visibility", visibility.wireName());
        }
        scheduler(tenant).send("POST", "/executions", body);
        lines(
                tenant,
                id,
                "events",
                List.of(event("workflow_started", "Starting '" + workflow + "' workflow execution")));
    }

    /** @param texts a line each; none: nothing is done */
    public void logged(String tenant, String id, List<String> texts) {
        if (!texts.isEmpty()) {
            lines(tenant, id, "logs", texts.stream().map(text -> log(id, text)).toList());
        }
    }

    private Map<String, @Nullable Object> log(String id, String text) {
        Map<String, @Nullable Object> log = line(text);
        log.put("logger", "ctx." + id);
        log.put("level", "info");
        return log;
    }

    /**
     * The event of the end is the scheduler's: it writes one for every execution that ends.
     *
     * @param error null: it went well
     */
    public void ended(String tenant, String id, @Nullable String error) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("status", error == null ? "terminated" : "failed");
        body.put("error", error == null ? "" : error);
        for (int i = 1; ; i++) {
            try {
                scheduler(tenant).send("PATCH", "/executions/" + id, body);
                return;
            } catch (ManagerException e) {
                if (e.code() != ErrorCode.SERVICE_UNAVAILABLE || i == TRIES) {
                    LOG.warnf("The end of execution %s could not be recorded: %s", id, e.detail());
                    return;
                }
            }
        }
    }

    private Map<String, @Nullable Object> event(String type, String text) {
        Map<String, @Nullable Object> event = line(text);
        event.put("event_type", type);
        return event;
    }

    private Map<String, @Nullable Object> line(String text) {
        Instant now = clock.instant();
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("message", Map.of("text", text));
        line.put("timestamp", ApiTime.format(now));
        line.put("context", Map.of());
        return line;
    }

    private void lines(String tenant, String id, String kind, List<Map<String, @Nullable Object>> lines) {
        try {
            scheduler(tenant).send("POST", "/events", Map.of("execution_id", id, kind, lines));
        } catch (ManagerException e) {
            LOG.warnf("%d lines of execution %s could not be recorded: %s", lines.size(), id, e.detail());
        }
    }
}
