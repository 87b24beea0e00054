package io.holdfast.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.holdfast.contracts.events.Event;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events as JSON, the same in every service whatever its REST mapper is set to: camelCase, ISO-8601 times; unknown fields are
 * ignored when reading (fields may be added), a missing one that the record does not declare {@code @Nullable} is a violation.
 */
public final class EventJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new Jdk8Module())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private EventJson() {}

    public static String write(Event event) {
        return text(event);
    }

    static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(String json) {
        try {
            return MAPPER.readValue(json, Map.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a JSON object", e);
        }
    }

    /** @throws UnprocessableMessage if the bytes are not JSON, or not of this event's shape */
    public static <E extends Event> E read(byte[] body, Class<E> type) {
        E event;
        try {
            event = MAPPER.readValue(body, type);
        } catch (JsonMappingException e) {
            if (body.length == 0 || e.getCause() instanceof StreamReadException) {
                throw new UnprocessableMessage("UNREADABLE", "not JSON: " + e.getOriginalMessage());
            }
            throw new UnprocessableMessage(
                    "SCHEMA_VIOLATION", "not a " + type.getSimpleName() + ": " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw new UnprocessableMessage(
                    "UNREADABLE", "not a " + type.getSimpleName() + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UnprocessableMessage("UNREADABLE", "not readable: " + e.getMessage());
        }
        if (event == null) {
            throw new UnprocessableMessage("UNREADABLE", "the body is null");
        }
        String missing = missingField(event);
        if (missing != null) {
            throw new UnprocessableMessage("SCHEMA_VIOLATION", "field " + missing + " is missing");
        }
        return event;
    }

    private static @Nullable String missingField(Event event) {
        RecordComponent[] components = event.getClass().getRecordComponents();
        if (components == null) {
            return null;
        }
        for (RecordComponent component : components) {
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            try {
                component.getAccessor().setAccessible(true);
                if (!nullable && component.getAccessor().invoke(event) == null) {
                    return component.getName();
                }
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("cannot look at " + component, e);
            }
        }
        return null;
    }
}
