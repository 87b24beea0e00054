package io.holdfast.messaging.deadletters.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import io.holdfast.messaging.ParkedMessages;
import io.holdfast.messaging.ParkedMessages.Filter;
import io.holdfast.messaging.ParkedMessages.Parked;
import io.holdfast.messaging.ServiceSchema;
import io.quarkus.arc.All;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * What the messages of the services in this process are waiting for, and what is to become of the dead ones. Each service's are in its
 * own schema, so each service answers for itself; the gateway asks all of them.
 */
@Path("/internal/messaging/{service}/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Blocking
public class DeadLettersResource {

    private static final Logger LOG = Logger.getLogger(DeadLettersResource.class);
    private static final Set<String> STATES = Set.of("waiting", "dead", "discarded");
    private static final int LARGEST_PAGE = 10_000;

    private final List<ServiceSchema> services;
    private final CurrentCaller current;

    public DeadLettersResource(@All List<ServiceSchema> services, CurrentCaller current) {
        this.services = services;
        this.current = current;
    }

    @GET
    public ObjectNode list(
            @RestPath String service,
            @RestQuery @Nullable String state,
            @RestQuery @Nullable String consumer,
            @RestQuery @Nullable String type,
            @RestQuery @Nullable String reason,
            @RestQuery("_offset") @Nullable Integer offset,
            @RestQuery("_size") @Nullable Integer size) {
        ParkedMessages parked = parked(service);
        Filter filter = filter(state, consumer, type, reason);
        int from = between(0, offset == null ? 0 : offset, "_offset");
        int most = between(0, size == null ? 1_000 : size, "_size");
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode items = answer.putArray("items");
        parked.list(filter, from, most).forEach(letter -> items.add(json(service, letter)));
        answer.putObject("metadata")
                .putObject("pagination")
                .put("total", parked.count(filter))
                .put("offset", from)
                .put("size", most);
        return answer;
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(@RestPath String service, @RestPath String id) {
        ParkedMessages parked = parked(service);
        long number = number(service, id);
        ObjectNode letter = json(service, found(parked, service, number));
        byte[] payload = parked.payload(number).orElseThrow(() -> missing(service, id));
        String text = text(payload);
        if (text == null) {
            letter.put("payload_base64", Base64.getEncoder().encodeToString(payload));
        } else {
            letter.put("payload", text);
        }
        return letter;
    }

    @POST
    @Path("/{id}/replay")
    public ObjectNode replay(@RestPath String service, @RestPath String id) {
        ParkedMessages parked = parked(service);
        long number = number(service, id);
        if (parked.replay(number, Filter.DEAD, caller()) == 0) {
            Parked letter = found(parked, service, number);
            throw letter.state().equals("dead") && parked.answers(letter.consumer())
                    ? sentFromOutside("message " + service + "/" + id + " of consumer " + letter.consumer())
                    : undecidable(letter, service, "replayed");
        }
        tell("replayed", service + "/" + id);
        return parked.find(number).map(letter -> json(service, letter)).orElseGet(JsonNodeFactory.instance::objectNode);
    }

    @POST
    @Path("/{id}/discard")
    public ObjectNode discard(@RestPath String service, @RestPath String id) {
        ParkedMessages parked = parked(service);
        long number = number(service, id);
        if (parked.discard(number, Filter.DEAD, caller()) == 0) {
            throw undecidable(found(parked, service, number), service, "discarded");
        }
        tell("discarded", service + "/" + id);
        return json(service, found(parked, service, number));
    }

    @POST
    @Path("/replay")
    public ObjectNode replayAll(@RestPath String service, @Nullable JsonNode body) {
        Filter filter = filter(body);
        ParkedMessages parked = parked(service);
        String consumer = filter.consumer();
        if (consumer != null && parked.answers(consumer)) {
            throw sentFromOutside("messages of consumer " + consumer);
        }
        int count = parked.replay(null, filter, caller());
        tell("replayed", count + " of " + service + " by " + filter);
        return JsonNodeFactory.instance.objectNode().put("count", count);
    }

    @POST
    @Path("/discard")
    public ObjectNode discardAll(@RestPath String service, @Nullable JsonNode body) {
        Filter filter = filter(body);
        int count = parked(service).discard(null, filter, caller());
        tell("discarded", count + " of " + service + " by " + filter);
        return JsonNodeFactory.instance.objectNode().put("count", count);
    }

    private ParkedMessages parked(String service) {
        CallerIdentity identity = current.identity();
        if (!identity.admin()) {
            throw new ManagerException(
                    ErrorCode.FORBIDDEN,
                    "User `" + identity.username() + "` is not permitted to look at dead letters",
                    "they may hold what belongs to any tenant: ask an administrator");
        }
        return services.stream()
                .filter(schema -> schema.name().equals(service))
                .findFirst()
                .map(ParkedMessages::new)
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.NOT_FOUND, "there is no service " + service + " with messages here", null));
    }

    private String caller() {
        return current.identity().username();
    }

    private void tell(String what, String which) {
        LOG.infof("%s %s dead letters: %s", caller(), what, which);
    }

    private static Parked found(ParkedMessages parked, String service, long id) {
        return parked.find(id).orElseThrow(() -> missing(service, String.valueOf(id)));
    }

    private static ManagerException missing(String service, String id) {
        return new ManagerException(
                ErrorCode.NOT_FOUND,
                "there is no parked message " + service + "/" + id,
                "a message that was handled at last is gone from the list");
    }

    private static ManagerException sentFromOutside(String which) {
        return new ManagerException(
                ErrorCode.CONFLICT,
                which + " cannot be replayed: a program outside sent it, and only the broker can vouch for its sender,"
                        + " while the message comes in",
                "have its sender send the request again, and discard this");
    }

    private static ManagerException undecidable(Parked letter, String service, String wanted) {
        String which = "message " + service + "/" + letter.id();
        return letter.state().equals("dead")
                ? new ManagerException(
                        ErrorCode.CONFLICT,
                        which + " cannot be " + wanted + ": of its " + letter.payloadBytes()
                                + " bytes only the beginning is kept",
                        "have its sender send a smaller one, and discard this")
                : new ManagerException(
                        ErrorCode.CONFLICT,
                        which + " is " + letter.state() + "; only dead ones are " + wanted,
                        letter.state().equals("waiting") ? "it is tried again at " + letter.nextTry() : null);
    }

    private static long number(String service, String id) {
        if (!id.matches("[0-9]{1,18}")) {
            throw missing(service, id);
        }
        return Long.parseLong(id);
    }

    private static int between(int least, int value, String name) {
        if (value < least || value > LARGEST_PAGE) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    name + " is " + value + ", expected " + least + " to " + LARGEST_PAGE,
                    "narrow the list with state, service, consumer, type or reason");
        }
        return value;
    }

    private static Filter filter(@Nullable JsonNode body) {
        return body == null
                ? Filter.DEAD
                : filter("dead", text(body, "consumer"), text(body, "type"), text(body, "reason"));
    }

    private static Filter filter(
            @Nullable String state, @Nullable String consumer, @Nullable String type, @Nullable String reason) {
        if (state != null && !STATES.contains(state)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS, "state is `" + state + "`, expected waiting, dead or discarded", null);
        }
        return new Filter(state, consumer, type, reason);
    }

    private static @Nullable String text(JsonNode body, String field) {
        JsonNode value = body.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new ManagerException(ErrorCode.BAD_PARAMETERS, "`" + field + "` must be a text", null);
        }
        return value.asText();
    }

    private static ObjectNode json(String service, Parked letter) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", letter.id());
        json.put("service", service);
        json.put("consumer", letter.consumer());
        json.put("message_id", letter.messageId().toString());
        json.put("type", letter.type());
        json.put("correlation_id", letter.correlationId());
        json.put("state", letter.state());
        json.put("reason", letter.reason());
        json.put("error", letter.error());
        json.put("attempts", letter.attempts());
        json.put("next_try", letter.nextTry() == null ? null : ApiTime.format(letter.nextTry()));
        json.put("parked_at", ApiTime.format(letter.parkedAt()));
        json.put("payload_bytes", letter.payloadBytes());
        json.put("payload_cut", !letter.whole());
        json.put("decided_by", letter.decidedBy());
        json.put("decided_at", letter.decidedAt() == null ? null : ApiTime.format(letter.decidedAt()));
        return json;
    }

    /** Null of what is no proper text. */
    private static @Nullable String text(byte[] payload) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
