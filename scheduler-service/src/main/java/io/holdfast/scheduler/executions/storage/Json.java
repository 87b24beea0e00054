package io.holdfast.scheduler.executions.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** jsonb columns from and to plain maps. */
@ApplicationScoped
class Json {

    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private final ObjectMapper mapper = new ObjectMapper();

    @Nullable
    String writeOrNull(@Nullable Map<String, Object> value) {
        return value == null ? null : text(value);
    }

    String text(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON", e);
        }
    }

    /** Something else than an object, as a foreign archive may carry it, is kept under {@code value}. */
    @Nullable
    Map<String, Object> mapOrNull(@Nullable String json) {
        if (json == null || "null".equals(json)) {
            return null;
        }
        try {
            return json.startsWith("{")
                    ? mapper.readValue(json, MAP)
                    : Map.of("value", mapper.readValue(json, Object.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a jsonb column holds something unreadable", e);
        }
    }

    String errorCauses(String message) {
        return text(List.of(Map.of("message", message, "traceback", "", "type", "WorkflowFailed")));
    }
}
