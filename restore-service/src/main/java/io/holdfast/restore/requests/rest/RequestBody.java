package io.holdfast.restore.requests.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON object of a request, whatever its content type; an empty body is an empty object. */
@ApplicationScoped
class RequestBody {

    private final ObjectMapper json;

    RequestBody(ObjectMapper json) {
        this.json = json;
    }

    Map<String, Object> object(byte @Nullable [] body) {
        if (body == null || new String(body, StandardCharsets.UTF_8).isBlank()) {
            return Map.of();
        }
        try {
            JsonNode node = json.readTree(new String(body, StandardCharsets.UTF_8));
            if (!node.isObject()) {
                throw new ManagerException(ErrorCode.BAD_PARAMETERS, "the request body must be a JSON object", null);
            }
            return json.convertValue(
                    node, json.getTypeFactory().constructMapType(java.util.HashMap.class, String.class, Object.class));
        } catch (JsonProcessingException e) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS, "the request body is not JSON: " + e.getOriginalMessage(), null, e);
        }
    }
}
