package io.holdfast.inventory.deployments.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.deployments.app.EvaluateFunctions;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@Path("/internal/inventory/evaluate/functions")
@Blocking
public class EvaluateResource {

    private static final String MISSING = "\n  field required (type=value_error.missing)";
    private static final String NULL = "\n  none is not an allowed value (type=type_error.none.not_allowed)";
    private static final String NO_OBJECT = "\n  value is not a valid dict (type=type_error.dict)";

    private final EvaluateFunctions evaluate;
    private final CurrentCaller caller;
    private final ObjectMapper mapper;

    public EvaluateResource(EvaluateFunctions evaluate, CurrentCaller caller, ObjectMapper mapper) {
        this.evaluate = evaluate;
        this.caller = caller;
        this.mapper = mapper;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Map<String, @Nullable Object> evaluate(@Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        requireShape(body.fields());
        String deployment = body.fields().get("deployment_id").asText();
        ObjectNode context = body.object("context");
        ObjectNode payload = body.requiredObject("payload");
        Map<String, String> roles = new LinkedHashMap<>();
        if (context != null) {
            JsonBody given = new JsonBody(context);
            for (String role : List.of("self", "source", "target")) {
                String name = given.text(role);
                if (name != null) {
                    roles.put(role, name);
                }
            }
        }
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("deployment_id", deployment);
        answer.put(
                "payload",
                evaluate.payload(deployment, mapper.convertValue(payload, Object.class), roles, caller.identity()));
        return answer;
    }

    /** The API tells of all that is wrong with this body at once, in the words of the library that it reads it with. */
    private static void requireShape(ObjectNode fields) {
        List<String> errors = new ArrayList<>();
        JsonNode deployment = fields.get("deployment_id");
        if (deployment == null) {
            errors.add("deployment_id" + MISSING);
        } else if (deployment.isNull()) {
            errors.add("deployment_id" + NULL);
        } else if (deployment.isContainerNode()) {
            errors.add("deployment_id\n  str type expected (type=type_error.str)");
        }
        JsonNode context = fields.get("context");
        if (context != null && !context.isNull() && !context.isObject()) {
            errors.add("context" + NO_OBJECT);
        }
        JsonNode payload = fields.get("payload");
        if (payload == null) {
            errors.add("payload" + MISSING);
        } else if (payload.isNull()) {
            errors.add("payload" + NULL);
        } else if (!payload.isObject()) {
            errors.add("payload" + NO_OBJECT);
        }
        if (!errors.isEmpty()) {
            throw ListRequest.invalid("_EvaluateFunctionsArgs", errors);
        }
    }
}
