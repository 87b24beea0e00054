package io.holdfast.gateway.requests.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.holdfast.contracts.requests.Reply;
import io.holdfast.contracts.requests.Request;
import io.holdfast.gateway.requests.RequestRefused;
import io.holdfast.gateway.requests.RequestSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Requests and replies as JSON, strict in form: no doubled names, nothing after the end; unknown fields are ignored. */
public final class RequestJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private RequestJson() {}

    /** @throws RequestRefused if it is not JSON */
    static Object parse(byte[] body) {
        try {
            return MAPPER.readValue(body, Object.class);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")";
            throw RequestRefused.invalid(List.of(new Reply.FieldError(
                    "", "is not JSON: " + RequestRefused.printable(e.getOriginalMessage()) + where)));
        } catch (IOException e) {
            throw RequestRefused.invalid(List.of(new Reply.FieldError("", "is not readable as JSON")));
        }
    }

    /** @param body fits the schema of {@code form} */
    static Request read(Object body, Class<? extends Request> form) {
        return MAPPER.convertValue(body, form);
    }

    /** The schema of a request's body. */
    static RequestSchema schema(String type) {
        try (InputStream in =
                Objects.requireNonNull(Request.class.getResourceAsStream(type + ".json"), "no schema of " + type)) {
            return new RequestSchema(MAPPER.readValue(in, OBJECT));
        } catch (IOException e) {
            throw new UncheckedIOException("the schema of " + type + " is not readable", e);
        }
    }

    public static String write(Reply reply) {
        try {
            return MAPPER.writeValueAsString(reply);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable: " + reply.type(), e);
        }
    }

    /** @param type wire name of the reply */
    public static Reply readReply(String type, String json) {
        try {
            if (type.equals(Reply.Accepted.TYPE)) {
                return MAPPER.readValue(json, Reply.Accepted.class);
            }
            return MAPPER.readValue(json, Reply.Refused.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored " + type + " is not readable", e);
        }
    }
}
