package io.holdfast.workflow.builtin.storage;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What other services answer, read without trusting its shape. */
final class Answer {

    static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private Answer() {}

    /** Empty where it is no object; fields that are null are left out. */
    static Map<String, Object> object(@Nullable Object value) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, item) -> {
                if (item != null) {
                    copy.put(String.valueOf(key), item);
                }
            });
        }
        return copy;
    }

    /** The objects of a list; none where it is no list. */
    static Stream<Map<String, Object>> objects(@Nullable Object value) {
        return (value instanceof List<?> items ? items : List.of()).stream().map(Answer::object);
    }

    /** Of a change's instances those with which this is done, such as {@code added}. */
    static Stream<Map<String, Object>> changed(@Nullable Object instances, String how) {
        return objects(instances).filter(instance -> how.equals(instance.get("modification")));
    }

    static List<String> texts(@Nullable Object value) {
        return (value instanceof List<?> items ? items : List.of())
                .stream().map(String::valueOf).toList();
    }

    /** Empty where there is none. */
    static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    static int number(@Nullable Object value) {
        return value instanceof Number number ? number.intValue() : 0;
    }
}
