package io.holdfast.inventory.resources.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as text for columns of type jsonb, and back. */
public final class JsonText {

    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private JsonText() {}

    /** JSON of the value; null for null, so that SQL can tell a value that is not given. */
    public static @Nullable String of(ObjectMapper mapper, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        try {
            // PostgreSQL takes no NUL in texts.
            return mapper.writeValueAsString(value).replace("\\u0000", "\\ufffd");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what came as JSON is always JSON", e);
        }
    }

    /** What a column of type jsonb holds. */
    public static JsonNode tree(ObjectMapper mapper, String text) {
        try {
            return mapper.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a jsonb column is always JSON", e);
        }
    }

    /** What a column with a JSON object holds; an empty one for a column without, and for JSON's null. */
    public static Map<String, @Nullable Object> object(ObjectMapper mapper, @Nullable String text) {
        if (text == null || text.equals("null")) {
            return new LinkedHashMap<>();
        }
        try {
            return mapper.readValue(text, OBJECT);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database holds an object that is no JSON object", e);
        }
    }
}
