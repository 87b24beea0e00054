package io.holdfast.inventory.resources.storage;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.inventory.language.Shared;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as text for columns of type jsonb, and back. */
public final class JsonText {

    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    /** PostgreSQL takes no NUL in texts. */
    private static final CharacterEscapes STORABLE = new CharacterEscapes() {
        private static final long serialVersionUID = 1L;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] codes = standardAsciiEscapesForJSON();
            codes[0] = ESCAPE_CUSTOM;
            return codes;
        }

        @Override
        public SerializableString getEscapeSequence(int character) {
            return new SerializedString("\\ufffd");
        }
    };

    private JsonText() {}

    /** JSON of the value; null for null, so that SQL can tell a value that is not given. */
    public static @Nullable String of(ObjectMapper mapper, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        try {
            return mapper.writer(STORABLE).writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what came as JSON is always JSON", e);
        }
    }

    /** JSON of the value in UTF-8, for {@code convert_from(?, 'UTF8')::jsonb}: what is large is held once. */
    public static byte[] bytes(ObjectMapper mapper, Object value) {
        try {
            return mapper.writer(STORABLE).writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what came as JSON is always JSON", e);
        }
    }

    /** What a column with a JSON object holds, where equal parts of it are one object that nobody can change. */
    public static Map<String, @Nullable Object> shared(ObjectMapper mapper, byte @Nullable [] utf8) {
        return shared(mapper, utf8, new Shared());
    }

    /** The same of one of several, which have equal parts in common, too. */
    public static Map<String, @Nullable Object> shared(ObjectMapper mapper, byte @Nullable [] utf8, Shared shared) {
        if (utf8 == null) {
            return Map.of();
        }
        try (JsonParser parser = mapper.createParser(utf8)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? object(parser, shared) : Map.of();
        } catch (IOException e) {
            throw new IllegalStateException("the database holds an object that is no JSON object", e);
        }
    }

    @SuppressWarnings("unchecked") // What is shared of a map is that map.
    private static Map<String, @Nullable Object> object(JsonParser parser, Shared shared) throws IOException {
        LinkedHashMap<String, @Nullable Object> items = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            items.put(key, value(parser, shared));
        }
        return (Map<String, @Nullable Object>) shared.ofShared(items);
    }

    private static @Nullable Object value(JsonParser parser, Shared shared) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, shared);
            case START_ARRAY -> {
                List<@Nullable Object> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(parser, shared));
                }
                yield shared.ofShared(items);
            }
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> shared.of(parser.getText());
            default -> shared.of(parser.getNumberValue());
        };
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
