package io.holdfast.gateway.deadletters.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.rest.JsonBody;
import io.holdfast.gateway.deadletters.app.DeadLetters;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** {@code /api/holdfast/v1/dead-letters}: for administrators only, which the route sees to and each service again. */
@Path("/internal/gateway/v1/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Blocking
public class DeadLettersResource {

    private static final List<String> FILTERS = List.of("consumer", "type", "reason");

    private final DeadLetters letters;
    private final ObjectMapper json;

    public DeadLettersResource(DeadLetters letters, ObjectMapper json) {
        this.letters = letters;
        this.json = json;
    }

    @GET
    public ObjectNode list(
            @RestQuery @Nullable String service,
            @RestQuery @Nullable String state,
            @RestQuery @Nullable String consumer,
            @RestQuery @Nullable String type,
            @RestQuery @Nullable String reason,
            @RestQuery("_offset") @Nullable Integer offset,
            @RestQuery("_size") @Nullable Integer size) {
        Map<String, String> filter = new LinkedHashMap<>();
        put(filter, "state", state);
        put(filter, "consumer", consumer);
        put(filter, "type", type);
        put(filter, "reason", reason);
        DeadLetters.Page page = letters.list(service, filter, offset == null ? 0 : offset, size == null ? 1_000 : size);
        ObjectNode answer = json.createObjectNode();
        answer.set("items", json.valueToTree(page.items()));
        ObjectNode metadata = answer.putObject("metadata");
        metadata.putObject("pagination")
                .put("total", page.total())
                .put("offset", page.offset())
                .put("size", page.size());
        metadata.set("unavailable", json.valueToTree(page.unavailable()));
        return answer;
    }

    @GET
    @Path("/{service}/{id}")
    public Map<String, Object> get(@RestPath String service, @RestPath String id) {
        return letters.get(service, numbered(service, id));
    }

    @POST
    @Path("/{service}/{id}/replay")
    public Map<String, Object> replay(@RestPath String service, @RestPath String id) {
        return letters.decide(service, numbered(service, id), "replay");
    }

    @POST
    @Path("/{service}/{id}/discard")
    public Map<String, Object> discard(@RestPath String service, @RestPath String id) {
        return letters.decide(service, numbered(service, id), "discard");
    }

    @POST
    @Path("/replay")
    public ObjectNode replayAll(InputStream body) {
        return decideAll(body, "replay");
    }

    @POST
    @Path("/discard")
    public ObjectNode discardAll(InputStream body) {
        return decideAll(body, "discard");
    }

    private ObjectNode decideAll(InputStream body, String action) {
        JsonBody wanted = JsonBody.parse(json, body);
        Map<String, String> filter = new LinkedHashMap<>();
        for (String name : FILTERS) {
            wanted.text(name).ifPresent(value -> filter.put(name, value));
        }
        String service = wanted.text("service").orElse(null);
        if (filter.isEmpty() && service == null) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "the body says not which dead letters to " + action,
                    "give one of service, consumer, type and reason");
        }
        Map<String, Long> counts = letters.decideAll(service, filter, action);
        ObjectNode answer = json.createObjectNode();
        answer.put("count", counts.values().stream().mapToLong(Long::longValue).sum());
        answer.set("services", json.valueToTree(counts));
        return answer;
    }

    /** It becomes part of a path to another service. */
    private static String numbered(String service, String id) {
        if (!id.matches("[0-9]{1,18}")) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND, "there is no parked message " + service + "/" + id, "ids are numbers");
        }
        return id;
    }

    private static void put(Map<String, String> filter, String name, @Nullable String value) {
        if (value != null) {
            filter.put(name, value);
        }
    }
}
