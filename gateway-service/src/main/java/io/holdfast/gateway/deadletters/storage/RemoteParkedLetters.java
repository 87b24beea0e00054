package io.holdfast.gateway.deadletters.storage;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.deadletters.ParkedLetters;
import io.holdfast.http.CurrentCaller;
import io.holdfast.http.InternalHttp;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** By the resource that every service has from its messaging, on behalf of the caller. */
@ApplicationScoped
public class RemoteParkedLetters implements ParkedLetters {

    private static final List<String> SERVICES =
            List.of("gateway", "inventory", "scheduler", "snapshot", "restore", "cluster", "workflow");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String LETTERS = "/dead-letters";
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final TypeReference<List<Map<String, Object>>> OBJECTS = new TypeReference<>() {};

    private final InternalHttp http;
    private final CurrentCaller current;
    private final ObjectMapper json;

    public RemoteParkedLetters(InternalHttp http, CurrentCaller current, ObjectMapper json) {
        this.http = http;
        this.current = current;
        this.json = json;
    }

    @Override
    public List<String> services() {
        return SERVICES;
    }

    @Override
    public Page list(String service, Map<String, String> filter, int size) {
        StringBuilder query = new StringBuilder("?_offset=0&_size=").append(size);
        filter.forEach((name, value) ->
                query.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        try {
            JsonNode answer = to(service).get(LETTERS + query, JsonNode.class);
            return new Page(
                    json.convertValue(answer.path("items"), OBJECTS),
                    answer.path("metadata").path("pagination").path("total").asLong(),
                    null);
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                // A service that keeps no messages.
                return new Page(List.of(), 0, null);
            }
            if (e.code() == ErrorCode.SERVICE_UNAVAILABLE) {
                return new Page(List.of(), 0, e.detail());
            }
            throw e;
        }
    }

    @Override
    public Map<String, Object> get(String service, String id) {
        return to(service).get(LETTERS + "/" + id, OBJECT);
    }

    @Override
    public Map<String, Object> decide(String service, String id, String action) {
        return json.convertValue(to(service).post(LETTERS + "/" + id + "/" + action, null, JsonNode.class), OBJECT);
    }

    @Override
    public long decideAll(String service, Map<String, String> filter, String action) {
        try {
            return to(service)
                    .post(LETTERS + "/" + action, filter, JsonNode.class)
                    .path("count")
                    .asLong();
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return 0;
            }
            throw e;
        }
    }

    private InternalHttp.Service to(String service) {
        return http.to(service).common("messaging").as(current.identity()).timeout(PATIENCE);
    }
}
