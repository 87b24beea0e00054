package io.holdfast.gateway.requests.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.requests.Producer;
import io.holdfast.gateway.requests.app.ManageProducers;
import io.holdfast.gateway.requests.app.ManageProducers.SetUp;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CurrentCaller;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** {@code /api/holdfast/v1/producers}: who may send requests over the broker. */
@Path("/internal/gateway/v1/producers")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Blocking
public class ProducersResource {

    private final ManageProducers producers;
    private final CurrentCaller current;

    public ProducersResource(ManageProducers producers, CurrentCaller current) {
        this.producers = producers;
        this.current = current;
    }

    @GET
    public Map<String, Object> list() {
        return Map.of(
                "items", producers.all().stream().map(ProducersResource::json).toList());
    }

    @GET
    @Path("/{id}")
    public Map<String, Object> get(@RestPath String id) {
        return json(producers.get(id));
    }

    @PUT
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(@RestPath String id, @Nullable Map<String, Object> body) {
        Map<String, Object> given = body == null ? Map.of() : body;
        SetUp setUp = producers.add(
                id,
                text(given, "username"),
                texts(given, "tenants"),
                number(given, "rate_per_second"),
                current.identity().username());
        return Response.status(Response.Status.CREATED).entity(json(setUp)).build();
    }

    @POST
    @Path("/{id}/password")
    public Map<String, Object> rotatePassword(@RestPath String id) {
        return json(producers.rotatePassword(id));
    }

    @DELETE
    @Path("/{id}")
    public Map<String, Object> remove(@RestPath String id) {
        ManageProducers.TakenDown gone = producers.remove(id);
        return Map.of("client_id", id, "broker_users", gone.way(), "commands", gone.commands());
    }

    private static Map<String, Object> json(Producer producer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("client_id", producer.clientId());
        json.put("username", producer.username());
        json.put("tenants", producer.tenants());
        json.put("rate_per_second", producer.ratePerSecond());
        json.put("reply_queue", producer.replyQueue());
        json.put("created_by", producer.createdBy());
        json.put("created_at", ApiTime.format(producer.createdAt()));
        return json;
    }

    private static Map<String, Object> json(SetUp setUp) {
        Map<String, Object> json = json(setUp.producer());
        json.put("password", setUp.password());
        json.put("url", setUp.url());
        json.put("broker_users", setUp.way());
        json.put("commands", setUp.commands());
        return json;
    }

    private static String text(Map<String, Object> body, String name) {
        if (body.get(name) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw bad("`" + name + "` must be a text");
    }

    private static List<String> texts(Map<String, Object> body, String name) {
        Object value = body.get(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw bad("`" + name + "` must be a list of texts");
    }

    private static @Nullable Integer number(Map<String, Object> body, String name) {
        Object value = body.get(name);
        if (value == null || value instanceof Integer) {
            return (Integer) value;
        }
        throw bad("`" + name + "` must be a whole number");
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
