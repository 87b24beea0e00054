package io.holdfast.gateway.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.requests.Reply.FieldError;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestSchemaTest {

    private static final RequestSchema SCHEMA = new RequestSchema(Map.of(
            "type",
            "object",
            "required",
            List.of("name", "a/b"),
            "properties",
            Map.of(
                    "name", Map.of("type", "string", "minLength", 1, "maxLength", 3, "pattern", "^[a-z]+$"),
                    "n", Map.of("type", List.of("integer", "null"), "minimum", 0, "maximum", 9),
                    "mode", Map.of("enum", Arrays.asList("soft", null)),
                    "tags", Map.of("type", "array", "maxItems", 2, "items", Map.of("type", "string")))));

    @Test
    void whatIsRightHasNoErrorsWhateverElseIsThere() {
        Map<String, Object> body = new HashMap<>(Map.of("name", "abc", "a/b", true, "n", 9.0, "tags", List.of("x")));
        body.put("mode", null);
        body.put("unknown", List.of());
        assertThat(SCHEMA.errors(body)).isEmpty();
    }

    @Test
    void everyErrorIsFoundWithItsPointer() {
        assertThat(SCHEMA.errors(Map.of("name", "ABCD", "n", 9.5, "mode", "hard", "tags", List.of("x", 1))).stream()
                        .map(FieldError::pointer))
                .containsExactlyInAnyOrder("/a~1b", "/name", "/name", "/n", "/mode", "/tags/1");
        assertThat(SCHEMA.errors(List.of())).containsExactly(new FieldError("", "is array, must be object"));
        assertThat(SCHEMA.errors(null)).containsExactly(new FieldError("", "is null, must be object"));
    }

    @Test
    void schemaWithAWordThatWouldNotBeCheckedIsRefused() {
        assertThatThrownBy(() -> new RequestSchema(Map.of("properties", Map.of("x", Map.of("format", "date-time")))))
                .hasMessageContaining("format");
    }
}
