package io.holdfast.messaging.replay.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import io.holdfast.messaging.EventReplay;
import io.holdfast.messaging.EventReplay.Outcome;
import io.holdfast.messaging.EventReplay.Wanted;
import io.holdfast.messaging.Messaging;
import io.holdfast.messaging.ServiceSchema;
import io.quarkus.arc.All;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Events that the services in this process published lately. Each service keeps its own; the gateway asks all of them. */
@Path("/internal/messaging/{service}/replay")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
public class EventReplayResource {

    private static final Logger LOG = Logger.getLogger(EventReplayResource.class);

    private final List<ServiceSchema> services;
    private final Messaging messaging;
    private final CurrentCaller current;

    public EventReplayResource(@All List<ServiceSchema> services, Messaging messaging, CurrentCaller current) {
        this.services = services;
        this.messaging = messaging;
        this.current = current;
    }

    /** Body: {@code from}, {@code to}, and where wanted {@code type}, {@code aggregate_id}, {@code tenant_name}, {@code queue}. */
    @POST
    @Path("/count")
    public ObjectNode count(@RestPath String service, JsonNode body) {
        return JsonNodeFactory.instance.objectNode().put("count", of(service).count(wanted(body), text(body, "queue")));
    }

    /** Body as of {@link #count}. */
    @POST
    public ObjectNode publish(@RestPath String service, JsonNode body) {
        Wanted wanted = wanted(body);
        Outcome outcome = of(service).publish(wanted, text(body, "queue"));
        LOG.infof("%s replayed events of %s: %s", current.identity().username(), service, wanted);
        return JsonNodeFactory.instance
                .objectNode()
                .put("published", outcome.published())
                .put("refused", outcome.refused());
    }

    private EventReplay of(String service) {
        CallerIdentity identity = current.identity();
        if (!identity.admin()) {
            throw new ManagerException(
                    ErrorCode.FORBIDDEN,
                    "User `" + identity.username() + "` is not permitted to replay events",
                    "they may be of any tenant: ask an administrator");
        }
        return services.stream()
                .filter(schema -> schema.name().equals(service))
                .findFirst()
                .map(messaging::replayOf)
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.NOT_FOUND, "there is no service " + service + " with messages here", null));
    }

    private static Wanted wanted(JsonNode body) {
        return new Wanted(
                time(body, "from"),
                time(body, "to"),
                text(body, "type"),
                text(body, "aggregate_id"),
                text(body, "tenant_name"));
    }

    private static Instant time(JsonNode body, String field) {
        String text = text(body, field);
        if (text == null) {
            throw new ManagerException(ErrorCode.BAD_PARAMETERS, "`" + field + "` is missing", null);
        }
        return ApiTime.parse(text);
    }

    private static @Nullable String text(JsonNode body, String field) {
        JsonNode value = body.path(field);
        return value.isTextual() ? value.asText() : null;
    }
}
