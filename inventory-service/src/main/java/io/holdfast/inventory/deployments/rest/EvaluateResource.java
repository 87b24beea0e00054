package io.holdfast.inventory.deployments.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.deployments.app.EvaluateFunctions;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@Path("/internal/inventory/evaluate/functions")
@Blocking
public class EvaluateResource {

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
        String deployment = body.requiredText("deployment_id");
        ObjectNode context = body.object("context");
        ObjectNode payload = body.object("payload");
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
                evaluate.payload(
                        deployment,
                        payload == null ? Map.of() : mapper.convertValue(payload, Object.class),
                        roles,
                        caller.identity()));
        return answer;
    }
}
