package io.holdfast.cluster.agent.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/** JSON of requests and answers. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer that cannot be written: " + node, e);
        }
    }

    /** Empty where it is no JSON. */
    static Optional<JsonNode> read(byte[] body) {
        try {
            return Optional.ofNullable(MAPPER.readTree(body));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A request's body; an empty one is an empty object. */
    static JsonNode body(byte[] body) {
        if (body.length == 0) {
            return object();
        }
        return read(body)
                .filter(JsonNode::isObject)
                .orElseThrow(() -> Problem.badRequest(
                        "the body is not a JSON object", "send an object such as {\"target\": \"n2\"}, or nothing"));
    }
}
