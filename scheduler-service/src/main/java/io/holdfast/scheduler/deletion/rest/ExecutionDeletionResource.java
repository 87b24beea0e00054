package io.holdfast.scheduler.deletion.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.scheduler.SentFields;
import io.holdfast.scheduler.SentTime;
import io.holdfast.scheduler.deletion.app.DeleteExecutions;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code DELETE /executions} of the manager API. */
@Path("/internal/scheduler/executions")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
public class ExecutionDeletionResource {

    private static final String KEEP_LAST = "keep_last";
    private static final String TO_DATETIME = "to_datetime";

    private final DeleteExecutions delete;
    private final CurrentCaller caller;

    ExecutionDeletionResource(DeleteExecutions delete, CurrentCaller caller) {
        this.delete = delete;
        this.caller = caller;
    }

    /** Body: {@code keep_last}, a positive number, or {@code to_datetime}; neither: all that have ended. Answers the count. */
    @DELETE
    public ObjectNode delete(@Context UriInfo uri, @Nullable JsonNode json) {
        JsonNode body = SentFields.of(json).body();
        Integer keepLast = keepLast(body);
        if (keepLast != null && body.has(TO_DATETIME)) {
            throw SentFields.bad(
                    "Must provide either a `to_datetime` timestamp or a `keep_last` number of executions to keep");
        }
        long count =
                delete.delete(ListRequest.parse(uri.getQueryParameters()), caller.identity(), keepLast, before(body));
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        items.addObject().put("count", count);
        return Listing.envelope(items, items.size(), ListRequest.DEFAULT_SIZE, 0);
    }

    private static @Nullable Integer keepLast(JsonNode body) {
        JsonNode value = body.path(KEEP_LAST);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isIntegralNumber()) {
            throw SentFields.wrongType(KEEP_LAST, "int", value);
        }
        if (!value.canConvertToInt() || value.asInt() <= 0) {
            throw SentFields.bad("`keep_last` must be an integer greater than 0. got " + value.asText() + " instead.");
        }
        return value.asInt();
    }

    private static @Nullable Instant before(JsonNode body) {
        JsonNode value = body.path(TO_DATETIME);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        return SentTime.parse(TO_DATETIME, value.asText());
    }
}
