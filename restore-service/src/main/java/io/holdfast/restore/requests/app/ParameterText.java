package io.holdfast.restore.requests.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** Parameters as the JSON text that an execution carries. */
@ApplicationScoped
public class ParameterText {

    private final ObjectMapper json;

    ParameterText(ObjectMapper json) {
        this.json = json;
    }

    public String json(Map<String, ?> parameters) {
        try {
            return json.writeValueAsString(parameters);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON", e);
        }
    }
}
