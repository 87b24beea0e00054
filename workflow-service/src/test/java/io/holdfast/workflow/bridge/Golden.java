package io.holdfast.workflow.bridge;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** The messages as they are on the wire, written by hand. {@code TOKEN} stands for an execution token. */
final class Golden {

    static final ObjectMapper JSON = new ObjectMapper();

    private Golden() {}

    static String text(String name) {
        try (InputStream in = Golden.class.getResourceAsStream("/bridge/" + name + ".json")) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(String name) {
        return tree(text(name));
    }

    static Map<String, Object> map(String name) {
        return JSON.convertValue(json(name), new TypeReference<>() {});
    }

    static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode tree(Object value) {
        return tree(JSON.valueToTree(value).toString());
    }
}
