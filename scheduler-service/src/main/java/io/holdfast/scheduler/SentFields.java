package io.holdfast.scheduler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as clients send it, read with the API's own messages: what is wrong is {@code bad_parameters_error}. Source: the Cloudify
 * REST API v3.1.
 */
public record SentFields(JsonNode body) {

    private static final ObjectMapper VALUES = new ObjectMapper();

    public static SentFields of(@Nullable JsonNode body) {
        if (body == null || !body.isObject()) {
            throw bad("the request body must be a JSON object");
        }
        return new SentFields(body);
    }

    public boolean has(String name) {
        return body.hasNonNull(name);
    }

    public String required(String name) {
        require(name, "str");
        return Objects.requireNonNull(text(name), name);
    }

    /** Refuses a body without this. @param expected as {@link #wrongType} */
    public void require(String name, String expected) {
        if (!body.has(name)) {
            throw bad("Missing " + name + " in json request body");
        }
        if (body.path(name).isNull()) {
            throw wrongType(name, expected, body.path(name));
        }
    }

    public @Nullable String text(String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrongType(name, "str", value);
        }
        // PostgreSQL takes no NUL in texts.
        return value.asText().replace('\0', '\uFFFD');
    }

    /** Text as it is, other values as JSON. */
    public @Nullable String anyText(String name) {
        JsonNode value = body.path(name);
        return value.isMissingNode() || value.isNull() || value.isTextual() ? text(name) : written(value);
    }

    /** A text, number, boolean, list or map; null where nothing is said. */
    public @Nullable Object any(String name) {
        JsonNode value = body.path(name);
        return value.isMissingNode() || value.isNull() || value.isTextual()
                ? text(name)
                : VALUES.convertValue(value, Object.class);
    }

    /** Booleans, or their texts in any case; false where nothing is said. */
    public boolean flag(String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull() || "false".equalsIgnoreCase(value.asText())) {
            return false;
        }
        if ("true".equalsIgnoreCase(value.asText())) {
            return true;
        }
        throw bad(name + " must be <true/false>, got " + value.asText());
    }

    /** Items of a list; none where nothing is said. */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        list(name).forEach(item -> texts.add(item.asText()));
        return texts;
    }

    public List<SentFields> objects(String name) {
        List<SentFields> objects = new ArrayList<>();
        list(name).forEach(item -> objects.add(of(item)));
        return objects;
    }

    /** A list; where nothing is said, what has no items. */
    public JsonNode list(String name) {
        JsonNode value = body.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isArray()) {
            throw wrongType(name, "list", value);
        }
        return value;
    }

    /** An object; where nothing is said, what has no fields. */
    public JsonNode dict(String name) {
        JsonNode value = body.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
            throw wrongType(name, "dict", value);
        }
        return value;
    }

    /** JSON text of a value, as a column takes it. @param otherwise where the value is missing or null */
    public static String written(JsonNode value, String otherwise) {
        return value.isMissingNode() || value.isNull() ? otherwise : written(value);
    }

    /** JSON of a list; null for anything else. */
    public @Nullable String array(String name) {
        return body.path(name).isArray() ? written(body.path(name)) : null;
    }

    private static String written(JsonNode value) {
        return value.toString().replace("\\u0000", "\\ufffd");
    }

    /** @param expected as the original server, written in Python, calls it */
    public static ManagerException wrongType(String name, String expected, JsonNode value) {
        String found = switch (value.getNodeType()) {
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "int" : "float";
            case ARRAY -> "list";
            case OBJECT -> "dict";
            case NULL, MISSING -> "NoneType";
            default -> "str";
        };
        return bad(name + " parameter is expected to be of type " + expected + " but is of type " + found);
    }

    public static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
