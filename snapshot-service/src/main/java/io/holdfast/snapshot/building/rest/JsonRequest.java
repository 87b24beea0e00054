package io.holdfast.snapshot.building.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.JsonContent;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads the small JSON object of a request that asks for a system workflow; no body is an empty object. */
public final class JsonRequest {

    private static final int MAX_BODY = 1 << 20;

    private JsonRequest() {}

    /** The body, if it is small and says that it is JSON. @param hint for whoever sends a large one */
    public static byte[] read(InputStream body, @Nullable String type, String hint) throws IOException {
        byte[] bytes = body.readNBytes(MAX_BODY + 1);
        if (bytes.length > MAX_BODY) {
            throw new ManagerException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "the request body has more than " + MAX_BODY + " bytes; expected was a small JSON object",
                    hint);
        }
        JsonContent.requireIfAny(bytes, type);
        return bytes;
    }

    public static JsonNode parse(ObjectMapper mapper, byte[] body) {
        try {
            JsonNode json = mapper.readTree(body);
            if (json == null || json.isMissingNode() || json.isNull()) {
                return JsonNodeFactory.instance.objectNode();
            }
            if (!json.isObject()) {
                throw bad("the request body must be a JSON object");
            }
            return json;
        } catch (JsonProcessingException e) {
            throw bad("the request body is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw bad("the request body cannot be read: " + e.getMessage());
        }
    }

    public static boolean flag(JsonNode json, String name, boolean otherwise) {
        JsonNode value = json.path(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        String text = value.isNull() ? "None" : value.asText("");
        if (value.isBoolean()
                || value.isTextual() && (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))) {
            return text.equalsIgnoreCase("true");
        }
        throw bad(name + " must be <true/false>, got " + (value.isValueNode() ? text : value.toString()));
    }

    private static ManagerException bad(String text) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, text, null);
    }
}
