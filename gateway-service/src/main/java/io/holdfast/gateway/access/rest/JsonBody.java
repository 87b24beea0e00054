package io.holdfast.gateway.access.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A request's JSON object, read leniently: no body at all is an empty object. Errors carry the API's own texts (cloudify-api 1.2). */
public final class JsonBody {

    /** Hundreds of times what these requests need; a body is held in memory. */
    private static final int MAX_BYTES = 1 << 20;

    /** Tens of thousands of entries. */
    private static final int MAX_LIST_BYTES = 8 << 20;

    private final JsonNode root;

    private JsonBody(JsonNode root) {
        this.root = root;
    }

    /** Reads the whole body, {@code payload_too_large_error} where it is longer than any that makes sense. */
    public static JsonBody parse(ObjectMapper json, InputStream body) {
        JsonNode root = read(json, body, MAX_BYTES);
        if (root.isMissingNode()) {
            return new JsonBody(json.createObjectNode());
        }
        if (!root.isObject()) {
            throw bad("the request body must be a JSON object");
        }
        return new JsonBody(root);
    }

    /** As {@link #parse}, of a list of objects. */
    public static List<JsonBody> parseList(ObjectMapper json, InputStream body) {
        JsonNode root = read(json, body, MAX_LIST_BYTES);
        if (!root.isArray()) {
            throw bad("the request body must be a JSON list of objects");
        }
        List<JsonBody> items = new ArrayList<>();
        for (JsonNode item : root) {
            if (!item.isObject()) {
                throw bad("entry " + items.size() + " of the request body must be a JSON object");
            }
            items.add(new JsonBody(item));
        }
        return items;
    }

    private static JsonNode read(ObjectMapper json, InputStream body, int most) {
        try {
            byte[] text = body.readNBytes(most + 1);
            if (text.length > most) {
                throw new ManagerException(
                        ErrorCode.PAYLOAD_TOO_LARGE, "the request body is longer than " + most + " bytes", null);
            }
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS, "the request body is not JSON: " + e.getOriginalMessage(), null, e);
        } catch (IOException e) {
            throw new ManagerException(ErrorCode.BAD_PARAMETERS, "the request body broke off", null, e);
        }
    }

    /** A text that may be absent or null. */
    public Optional<String> text(String name) {
        JsonNode value = root.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw wrongType(name, "str", value);
        }
        return Optional.of(value.textValue());
    }

    /** What is there of it, where it is a text; nothing is refused. */
    public Optional<String> textual(String name) {
        return Optional.ofNullable(root.get(name)).filter(JsonNode::isTextual).map(JsonNode::textValue);
    }

    /** Any value, null too, but it must be given. */
    public JsonNode required(String name) {
        JsonNode value = root.get(name);
        if (value == null) {
            throw bad("Missing " + name + " in json request body");
        }
        return value;
    }

    public String requiredText(String name) {
        required(name);
        return textIfGiven(name).orElseThrow();
    }

    /** As {@link #requiredText}, but null is the empty text. */
    public String requiredTextOrNull(String name) {
        required(name);
        return text(name).orElse("");
    }

    /** As {@link #text}, but null is a value of a wrong type, not the absence of one. */
    public Optional<String> textIfGiven(String name) {
        JsonNode value = root.get(name);
        if (value != null && value.isNull()) {
            throw wrongType(name, "str", value);
        }
        return text(name);
    }

    /** A boolean, or the word for one in any case. */
    public Optional<Boolean> flag(String name) {
        JsonNode value = root.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        String word = value.asText().toLowerCase(Locale.ROOT);
        if (word.equals("true") || word.equals("false")) {
            return Optional.of(word.equals("true"));
        }
        throw bad(name + " must be <true/false>, got " + value.asText());
    }

    /** A boolean, and no word for one; absent: false. */
    public boolean bool(String name) {
        JsonNode value = root.get(name);
        if (value != null && !value.isBoolean()) {
            throw wrongType(name, "bool", value);
        }
        return value != null && value.asBoolean();
    }

    /** An object that may be absent or null. */
    public Optional<ObjectNode> object(String name) {
        JsonNode value = root.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            throw wrongType(name, "dict", value);
        }
        return Optional.of((ObjectNode) value);
    }

    public ObjectNode requiredObject(String name) {
        JsonNode value = required(name);
        return object(name).orElseThrow(() -> wrongType(name, "dict", value));
    }

    /** A whole number. */
    public Optional<Integer> number(String name) {
        JsonNode value = root.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw wrongType(name, "int", value);
        }
        return Optional.of(value.intValue());
    }

    private static ManagerException wrongType(String name, String expected, JsonNode value) {
        return bad(name + " parameter is expected to be of type " + expected + " but is of type " + typeOf(value));
    }

    private static String typeOf(JsonNode value) {
        if (value.isNull()) {
            return "NoneType";
        }
        if (value.isObject()) {
            return "dict";
        }
        if (value.isArray()) {
            return "list";
        }
        if (value.isBoolean()) {
            return "bool";
        }
        if (value.isIntegralNumber()) {
            return "int";
        }
        return value.isNumber() ? "float" : "str";
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
