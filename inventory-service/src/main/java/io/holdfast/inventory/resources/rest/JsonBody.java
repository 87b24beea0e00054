package io.holdfast.inventory.resources.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.language.PythonText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON object, read with the API's own rules and messages. Source: cloudify-api section 1.2. */
public record JsonBody(ObjectNode fields) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param body null: an empty object */
    public static JsonBody of(@Nullable JsonNode body) {
        if (body == null || body.isNull() || body.isMissingNode()) {
            return new JsonBody(JsonNodeFactory.instance.objectNode());
        }
        if (body instanceof ObjectNode fields) {
            return new JsonBody(fields);
        }
        throw bad("the request body is of type " + typeName(body) + ", expected a JSON object");
    }

    public static JsonBody parse(ObjectMapper mapper, String text, String what) {
        try {
            return of(mapper.readTree(text));
        } catch (JsonProcessingException e) {
            throw bad(what + " is not JSON: " + e.getOriginalMessage());
        }
    }

    public boolean has(String name) {
        return fields.hasNonNull(name);
    }

    public String requiredText(String name) {
        if (!fields.has(name)) {
            throw missing(name);
        }
        String value = text(name);
        if (value == null) {
            throw wrongType(name, "str", fields.get(name));
        }
        return value;
    }

    public @Nullable String text(String name) {
        JsonNode value = fields.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrongType(name, "str", value);
        }
        // PostgreSQL takes no NUL in texts.
        return value.asText().replace('\0', '\uFFFD');
    }

    /** As {@link #text}, but JSON's null is a value of a wrong type, not the absence of one. */
    public @Nullable String textIfGiven(String name) {
        requireNotNull(name, "str");
        return text(name);
    }

    /** As {@link #object}, but JSON's null is a value of a wrong type. */
    public @Nullable ObjectNode objectIfGiven(String name) {
        requireNotNull(name, "dict");
        return object(name);
    }

    /** As {@link #list}, but JSON's null is a value of a wrong type. */
    public @Nullable JsonNode listIfGiven(String name) {
        requireNotNull(name, "list");
        return list(name);
    }

    private void requireNotNull(String name, String expected) {
        if (fields.has(name) && fields.get(name).isNull()) {
            throw wrongType(name, expected, fields.get(name));
        }
    }

    /** Booleans, or their texts in any case, as clients of the API send them; JSON's null is the absence of one. */
    public boolean flag(String name, boolean otherwise) {
        return has(name) ? flagIfGiven(name, otherwise) : otherwise;
    }

    /** As {@link #flag}, but JSON's null is a wrong value. */
    public boolean flagIfGiven(String name, boolean otherwise) {
        JsonNode value = fields.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value.isBoolean()) {
            return value.asBoolean();
        }
        if (value.isTextual() && value.asText().matches("(?i)true|false")) {
            return Boolean.parseBoolean(value.asText());
        }
        throw bad(name + " must be <true/false>, got " + PythonText.str(JSON.convertValue(value, Object.class)));
    }

    /** True or false, no texts, and no null. */
    public boolean boolIfGiven(String name, boolean otherwise) {
        return fields.has(name) ? requiredFlag(name) : otherwise;
    }

    /** True or false, and nothing else. */
    public boolean requiredFlag(String name) {
        JsonNode value = fields.get(name);
        if (value == null) {
            throw missing(name);
        }
        if (!value.isBoolean()) {
            throw wrongType(name, "bool", value);
        }
        return value.asBoolean();
    }

    /** A whole number; what is beyond an int counts as the nearest int. */
    public int requiredInteger(String name) {
        if (!fields.has(name)) {
            throw missing(name);
        }
        JsonNode value = fields.get(name);
        if (!value.isIntegralNumber()) {
            throw wrongType(name, "int", value);
        }
        if (value.canConvertToInt()) {
            return value.asInt();
        }
        return value.bigIntegerValue().signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }

    public @Nullable ObjectNode object(String name) {
        JsonNode value = fields.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw wrongType(name, "dict", value);
    }

    public ObjectNode requiredObject(String name) {
        if (!fields.has(name)) {
            throw missing(name);
        }
        ObjectNode object = object(name);
        if (object == null) {
            throw wrongType(name, "dict", fields.get(name));
        }
        return object;
    }

    public @Nullable JsonNode list(String name) {
        JsonNode value = fields.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (value.isArray()) {
            return value;
        }
        throw wrongType(name, "list", value);
    }

    public JsonNode requiredList(String name) {
        if (!fields.has(name)) {
            throw missing(name);
        }
        JsonNode list = list(name);
        if (list == null) {
            throw wrongType(name, "list", fields.get(name));
        }
        return list;
    }

    /** A list of JSON objects; empty where it is absent or null. */
    public List<JsonBody> objects(String name) {
        return objectsOf(name, list(name));
    }

    public List<JsonBody> requiredObjects(String name) {
        return objectsOf(name, requiredList(name));
    }

    private static List<JsonBody> objectsOf(String name, @Nullable JsonNode list) {
        List<JsonBody> objects = new ArrayList<>();
        if (list != null) {
            for (JsonNode item : list) {
                if (!(item instanceof ObjectNode object)) {
                    throw bad("each item of " + name + " must be a JSON object, but one is of type " + typeName(item));
                }
                objects.add(new JsonBody(object));
            }
        }
        return objects;
    }

    /** A list of texts; null where it is absent or null. */
    public @Nullable List<String> texts(String name) {
        JsonNode list = list(name);
        if (list == null) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list) {
            if (!item.isTextual()) {
                throw bad("each item of " + name + " must be a text, but one is of type " + typeName(item));
            }
            texts.add(item.asText().replace('\0', '\uFFFD'));
        }
        return texts;
    }

    private static ManagerException missing(String name) {
        return bad("Missing " + name + " in json request body");
    }

    private static ManagerException wrongType(String name, String expected, JsonNode found) {
        return bad(name + " parameter is expected to be of type " + expected + " but is of type " + typeName(found));
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }

    /** As the original server, written in Python, calls it. */
    private static String typeName(JsonNode value) {
        return switch (value.getNodeType()) {
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "int" : "float";
            case ARRAY -> "list";
            case OBJECT -> "dict";
            case NULL, MISSING -> "NoneType";
            default -> "str";
        };
    }
}
