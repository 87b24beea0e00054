package io.holdfast.gateway.replay.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.rest.JsonBody;
import io.holdfast.gateway.replay.app.ReplayEvents;
import io.holdfast.gateway.replay.app.ReplayEvents.Replayed;
import io.holdfast.http.ApiTime;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code POST /api/holdfast/v1/events/replay}: for administrators only, which the route sees to and each service again. */
@Path("/internal/gateway/v1/events")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Blocking
public class EventReplayResource {

    private static final List<String> FILTERS = List.of("type", "aggregate_id", "tenant_name", "queue");
    private static final int DEFAULT_LIMIT = 10_000;

    private final ReplayEvents replay;
    private final ObjectMapper json;
    private final Clock clock;

    public EventReplayResource(ReplayEvents replay, ObjectMapper json, Clock clock) {
        this.replay = replay;
        this.json = json;
        this.clock = clock;
    }

    @POST
    @Path("/replay")
    public ObjectNode replay(InputStream body) {
        JsonBody wanted = JsonBody.parse(json, body);
        Instant from = wanted.text("from")
                .map(text -> time("from", text))
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "`from` is missing: the time from which events are replayed",
                        "for example 2026-03-13T04:00:00Z; published events are kept for a day"));
        Instant to = wanted.text("to").map(text -> time("to", text)).orElseGet(clock::instant);
        if (!to.isAfter(from)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "`to` (" + ApiTime.format(to) + ") is not after `from` (" + ApiTime.format(from) + ")",
                    null);
        }
        Map<String, String> filter = new LinkedHashMap<>();
        filter.put("from", from.toString());
        filter.put("to", to.toString());
        for (String name : FILTERS) {
            wanted.text(name).ifPresent(value -> filter.put(name, value));
        }
        Replayed replayed = replay.replay(
                wanted.text("service").orElse(null),
                filter,
                wanted.number("limit").orElse(DEFAULT_LIMIT),
                wanted.flag("dry_run").orElse(false));
        ObjectNode answer = json.createObjectNode();
        answer.put("count", replayed.count());
        answer.put("refused", replayed.refused());
        answer.set("services", json.valueToTree(replayed.services()));
        return answer;
    }

    private static Instant time(String name, String text) {
        try {
            return ApiTime.parse(text);
        } catch (DateTimeParseException e) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "`" + name + "` is `" + text + "`, which is no time",
                    "ISO 8601 with an offset, for example 2026-03-13T04:00:00Z",
                    e);
        }
    }
}
