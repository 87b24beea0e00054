package io.holdfast.workflow.bridge;

import io.holdfast.contracts.events.ExecutionEvent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What listeners are told of an execution. Source: scheduler.md, section 1.3; the field {@code rest_token} is there for their sake and
 * null here: whoever may listen is not thereby allowed to act.
 */
public final class Hook {

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Hook() {}

    private record Told(String eventType, String workflowId, Instant at, String text) {}

    /** Empty for facts that listeners are not told of. */
    public static Optional<Letter> of(ExecutionEvent fact, @Nullable KnownExecution execution) {
        Told told = told(fact);
        String tenant = fact.tenant();
        if (told == null || tenant == null) {
            return Optional.empty();
        }
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("message_type", "hook");
        context.put("is_system_workflow", execution != null && execution.systemWorkflow());
        context.put("blueprint_id", execution == null ? null : execution.blueprintId());
        context.put("deployment_id", execution == null ? null : execution.deploymentId());
        context.put("execution_id", fact.subject());
        context.put("workflow_id", told.workflowId());
        context.put("tenant_name", tenant);
        context.put("tenant", Map.of("name", tenant));
        context.put("rest_token", null);
        context.put("execution_parameters", execution == null ? Map.of() : execution.parameters());
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("text", told.text());
        message.put("arguments", null);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "cloudify_event");
        body.put("event_type", told.eventType());
        body.put("timestamp", MILLIS.format(told.at()));
        body.put("message_code", null);
        body.put("context", context);
        body.put("message", message);
        return Optional.of(new Letter(Letter.Kind.HOOK, tenant, fact.subject(), null, null, body));
    }

    private static @Nullable Told told(ExecutionEvent fact) {
        if (fact instanceof ExecutionEvent.Queued queued) {
            return new Told(
                    "workflow_queued",
                    queued.workflowId(),
                    queued.queuedAt(),
                    saying(queued.workflowId(), "is queued"));
        }
        if (fact instanceof ExecutionEvent.Started started) {
            return new Told(
                    "workflow_started",
                    started.workflowId(),
                    started.startedAt(),
                    saying(started.workflowId(), "has started"));
        }
        if (fact instanceof ExecutionEvent.Succeeded succeeded) {
            return new Told(
                    "workflow_succeeded",
                    succeeded.workflowId(),
                    succeeded.endedAt(),
                    saying(succeeded.workflowId(), "has succeeded"));
        }
        if (fact instanceof ExecutionEvent.Failed failed) {
            return new Told(
                    "workflow_failed",
                    failed.workflowId(),
                    failed.endedAt(),
                    saying(failed.workflowId(), "has failed: " + failed.error()));
        }
        if (fact instanceof ExecutionEvent.Cancelled cancelled) {
            return new Told(
                    "workflow_cancelled",
                    cancelled.workflowId(),
                    cancelled.endedAt(),
                    saying(cancelled.workflowId(), "is cancelled"));
        }
        return null;
    }

    private static String saying(String workflowId, String what) {
        return "Workflow `" + workflowId + "` " + what;
    }
}
