package io.holdfast.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as plain maps and lists. */
final class Json {

    private Json() {}

    static Map<String, Object> object(@Nullable Object value) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, item) -> copy.put(String.valueOf(key), item));
        }
        return copy;
    }

    static List<Map<String, Object>> objects(@Nullable Object value) {
        List<Map<String, Object>> all = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> all.add(object(item)));
        }
        return all;
    }

    /** Each value that is written as JSON as such, the others as texts. */
    static Map<String, Object> valuesOrTexts(Map<String, String> texts) {
        Map<String, Object> values = new LinkedHashMap<>();
        texts.forEach((name, text) -> values.put(name, valueOrText(text)));
        return values;
    }

    /** What is written as JSON, else the text itself. */
    static Object valueOrText(String text) {
        if (text.matches("(?s)\\s*([\\[{].*|-?\\d+(\\.\\d+)?|true|false)\\s*")) {
            try {
                return JSON.std.anyFrom(text);
            } catch (IOException e) {
                return text;
            }
        }
        return text;
    }

    static String pretty(Object value) {
        try {
            return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String line(Object value) {
        try {
            return JSON.std.asString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For tables: nothing for null, JSON for what has parts. */
    static String text(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        return value instanceof Map || value instanceof List ? line(value) : value.toString();
    }
}
