package io.holdfast.scheduler.journal.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CurrentCaller;
import io.holdfast.scheduler.journal.Line;
import io.holdfast.scheduler.journal.app.RecordLines;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST /events} of the manager API: what workers tell of their executions. Source: cloudify-api section 12. */
@Path("/internal/scheduler/events")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
public class EventsResource {

    /** So many lines in one request: as many as a list of them shows, since clients write again what they have read. */
    private static final int MOST = 10_000;

    private final RecordLines record;
    private final CurrentCaller caller;
    private final ObjectMapper json;
    private final Clock clock;

    EventsResource(RecordLines record, CurrentCaller caller, ObjectMapper json, Clock clock) {
        this.record = record;
        this.caller = caller;
        this.json = json;
        this.clock = clock;
    }

    /**
     * 201, or 204 where there is nothing to write. A worker's own execution is understood. The 201 holds JSON's null: clients of the Cloudify
     * REST API read JSON out of every answer but a 204, and fail where there is none.
     */
    @POST
    public Response add(@Nullable JsonNode body) {
        if (body == null || !body.isObject()) {
            throw bad("the request body must be a JSON object");
        }
        String executionId = text(body, "execution_id");
        String groupId = text(body, "execution_group_id");
        String own = caller.identity().executionId();
        if (executionId == null && groupId == null) {
            executionId = own;
        }
        if ((executionId == null) == (groupId == null)) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    executionId == null
                            ? "No execution passed, and not authenticated by an execution token"
                            : "execution_id and execution_group_id are both given; exactly one is needed",
                    "send either execution_id or execution_group_id");
        }
        List<Line> lines = lines(body);
        if (lines.isEmpty()) {
            return Response.noContent().build();
        }
        if (executionId != null) {
            record.ofExecution(caller.tenant(), executionId, lines, caller.identity());
        } else {
            record.ofGroup(caller.tenant(), String.valueOf(groupId), lines, caller.identity());
        }
        return Response.status(Response.Status.CREATED).entity(json.nullNode()).build();
    }

    private List<Line> lines(JsonNode body) {
        List<Line> lines = new ArrayList<>();
        array(body, "events").forEach(item -> lines.add(line(body, item, Line.EVENT)));
        array(body, "logs").forEach(item -> lines.add(line(body, item, Line.LOG)));
        if (lines.size() > MOST) {
            throw bad(lines.size() + " events and logs in one request, expected at most " + MOST);
        }
        // What is written together is read in this order.
        lines.sort(Comparator.comparing(Line::at));
        return lines;
    }

    private Line line(JsonNode body, JsonNode item, String kind) {
        JsonNode context = item.path("context");
        String message = text(item.path("message"), "text");
        boolean event = kind.equals(Line.EVENT);
        Instant reported = time(item, "reported_timestamp");
        Instant written = time(item, "timestamp");
        Instant at = first(reported, written);
        String eventType = event ? text(item, "event_type") : null;
        if (event && eventType == null) {
            throw bad("an event has no event_type");
        }
        return new Line(
                kind,
                at == null ? clock.instant() : at,
                // Both times are sent by whoever carries over what another manager wrote down.
                reported != null && caller.identity().admin() ? written : null,
                eventType,
                event ? null : text(item, "logger"),
                event ? null : text(item, "level"),
                message == null ? "" : message,
                text(context, "node_id"),
                text(context, "node_name"),
                first(text(item, "operation"), text(context, "operation")),
                text(context, "source_id"),
                text(context, "target_id"),
                causes(
                        context.has("task_error_causes")
                                ? context.path("task_error_causes")
                                : item.path("error_causes")),
                text(body, "manager_name"),
                text(body, "agent_name"));
    }

    private Iterable<JsonNode> array(JsonNode body, String name) {
        JsonNode found = body.path(name);
        if (found.isMissingNode() || found.isNull() || found.isArray()) {
            return found;
        }
        throw bad(name + " must be a list");
    }

    private @Nullable String causes(JsonNode causes) {
        try {
            return causes.isArray() ? json.writeValueAsString(causes).replace("\\u0000", "\\ufffd") : null;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as JSON can be written as JSON", e);
        }
    }

    private static @Nullable Instant time(JsonNode item, String name) {
        String text = text(item, name);
        if (text == null) {
            return null;
        }
        String iso = text.replace(' ', 'T');
        try {
            return OffsetDateTime.parse(iso).toInstant();
        } catch (DateTimeException withoutOffset) {
            try {
                return LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw bad(name + " is " + text + ", expected ISO 8601");
            }
        }
    }

    private static <T> @Nullable T first(@Nullable T one, @Nullable T other) {
        return one == null ? other : one;
    }

    /** Null where it is missing or no text. PostgreSQL takes no NUL in texts. */
    private static @Nullable String text(JsonNode node, String name) {
        String value = node.path(name).textValue();
        return value == null ? null : value.replace('\0', '\uFFFD');
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
