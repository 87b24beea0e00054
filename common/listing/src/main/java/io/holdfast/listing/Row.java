package io.holdfast.listing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One object of an answer. {@link #json} is what the client gets and may be changed until then.
 *
 * @param tenant empty text for entities outside tenants
 * @param id text of the id column
 * @param hidden the columns that the entity declared as hidden, as text, by name
 */
public record Row(String tenant, String id, Map<String, @Nullable String> hidden, ObjectNode json) {

    public Row {
        hidden = Collections.unmodifiableMap(hidden);
    }

    public Optional<String> hidden(String name) {
        if (!hidden.containsKey(name)) {
            throw new IllegalArgumentException("no hidden column " + name + "; there are " + hidden.keySet());
        }
        return Optional.ofNullable(hidden.get(name));
    }

    /** What the client gets, to look into: written and read, because fields may be raw JSON that only the writer knows. */
    public JsonNode parsed(ObjectMapper mapper) {
        try {
            return mapper.readTree(mapper.writeValueAsBytes(json));
        } catch (IOException e) {
            throw new IllegalStateException("a row is always JSON", e);
        }
    }

    /** Whether the answer shows this field; without that, there is no need to derive it. */
    public boolean wants(String field) {
        return json.has(field);
    }
}
