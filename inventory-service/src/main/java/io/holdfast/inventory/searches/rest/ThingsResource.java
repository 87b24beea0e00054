package io.holdfast.inventory.searches.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.language.NamedThings;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.deployments.app.ThingsSeen;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * For services: whether there is what a value names, as the caller sees it. Body: {@code type} of {@link NamedThings#TYPES}, {@code name},
 * {@code constraints}. Answer: {@code {"there": true}}. Not reachable through the gateway.
 */
@Path("/internal/inventory/things")
@Blocking
public class ThingsResource {

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final ThingsSeen things;
    private final CurrentCaller caller;
    private final ObjectMapper mapper;

    ThingsResource(ThingsSeen things, CurrentCaller caller, ObjectMapper mapper) {
        this.things = things;
        this.caller = caller;
        this.mapper = mapper;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Map<String, Boolean> has(@Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        String type = body.requiredText("type");
        if (!NamedThings.TYPES.contains(type) || !body.has("name")) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "expected a name, and a type of " + NamedThings.TYPES + ", found the type `" + type + "`",
                    null);
        }
        Object name = mapper.convertValue(Objects.requireNonNull(body.fields().get("name")), Object.class);
        JsonNode constraints = body.object("constraints");
        return Map.of(
                "there",
                things.by(caller.identity())
                        .has(type, name, constraints == null ? Map.of() : mapper.convertValue(constraints, OBJECT)));
    }
}
