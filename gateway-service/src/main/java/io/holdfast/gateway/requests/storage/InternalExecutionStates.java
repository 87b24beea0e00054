package io.holdfast.gateway.requests.storage;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.gateway.requests.Followed;
import io.holdfast.gateway.requests.app.ExecutionStates;
import io.holdfast.http.InternalHttp;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One signed call over HTTP for many of them. */
@ApplicationScoped
public class InternalExecutionStates implements ExecutionStates {

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final InternalHttp http;
    private final ObjectMapper json;

    public InternalExecutionStates(InternalHttp http, ObjectMapper json) {
        this.http = http;
        this.json = json;
    }

    @Override
    public Map<String, Map<String, Object>> of(List<Followed> followed) {
        List<Map<String, String>> ids = followed.stream()
                .map(one -> Map.of("tenant_name", one.tenantName(), "id", one.executionId()))
                .toList();
        Map<String, Map<String, Object>> states = new LinkedHashMap<>();
        for (JsonNode execution : http.to("scheduler")
                .post("/executions/lookup", Map.of("ids", ids), JsonNode.class)
                .path("items")) {
            states.put(
                    execution.path("tenant_name").asText() + "/"
                            + execution.path("id").asText(),
                    json.convertValue(execution, OBJECT));
        }
        return states;
    }
}
