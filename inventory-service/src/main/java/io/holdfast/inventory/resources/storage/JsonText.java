package io.holdfast.inventory.resources.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** Values as text for columns of type jsonb. */
public final class JsonText {

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
}
