package io.holdfast.cluster.postgres.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.cluster.postgres.SalvagedChange.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Columns of a salvaged row as JSON: {@code [{"name", "type", "value"}]}, without {@code value} where the log does not have it. */
final class ColumnJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ColumnJson() {}

    static ArrayNode tree(List<Column> columns) {
        ArrayNode all = JSON.createArrayNode();
        for (Column column : columns) {
            ObjectNode one = all.addObject().put("name", column.name()).put("type", column.type());
            if (column.known()) {
                one.put("value", column.value());
            }
        }
        return all;
    }

    /** Null for no columns, as the table has it. */
    static @Nullable String write(List<Column> columns) {
        return columns.isEmpty() ? null : tree(columns).toString();
    }

    static List<Column> read(@Nullable String json) {
        List<Column> columns = new ArrayList<>();
        if (json != null) {
            for (JsonNode one : parse(json)) {
                boolean known = one.has("value");
                columns.add(new Column(
                        one.get("name").asText(),
                        one.get("type").asText(),
                        known && !one.get("value").isNull() ? one.get("value").asText() : null,
                        known));
            }
        }
        return columns;
    }

    static List<String> strings(String json) {
        List<String> all = new ArrayList<>();
        parse(json).forEach(one -> all.add(one.asText()));
        return all;
    }

    static Map<String, Long> numbers(String json) {
        Map<String, Long> all = new java.util.TreeMap<>();
        parse(json)
                .properties()
                .forEach(entry -> all.put(entry.getKey(), entry.getValue().asLong()));
        return all;
    }

    static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not to be written as JSON: " + value.getClass(), e);
        }
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON as this class writes it", e);
        }
    }
}
