package io.holdfast.inventory.secrets.storage;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ManagerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonValueSchemasTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static void check(String schema, String value) throws JsonProcessingException {
        new JsonValueSchemas().check(JSON.readTree(schema), JSON.readTree(value));
    }

    @Test
    void aValueThatFitsIsTaken() {
        assertThatCode(() -> check("{\"type\": \"object\", \"required\": [\"a\"]}", "{\"a\": 1}"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"type": "integer"}                                | "five"         | the value is not of type 'integer'
                    {"type": "object"}                                 | ["a", "b"]     | the value is not of type 'object'
                    {"type": ["array", "null"]}                        | 5              | the value is not of type 'array', 'null'
                    {"properties": {"port": {"type": "integer"}}}      | {"port": "x"}  | the value at /port is not of type 'integer'
                    {"type": "number", "maximum": 20}                  | 20.5           | the value is greater than the maximum of 20
                    {"type": "number", "minimum": 20}                  | 1.5            | the value is less than the minimum of 20
                    {"required": ["port"]}                             | {}             | 'port' is a required property
                    {"properties": {"a": {"required": ["b"]}}}         | {"a": {}}      | 'b' is a required property at /a
                    {"properties": {}, "additionalProperties": false}  | {"x": 1}       | Additional properties are not allowed ('x' was unexpected)
                    {"minLength": 3}                                   | "ab"           | the value is too short
                    {"maxItems": 1}                                    | [1, 2]         | the value is too long
                    {"minProperties": 1}                               | {}             | the value does not have enough properties
                    {"maxProperties": 0}                               | {"x": 1}       | the value has too many properties
                    {"enum": ["a", 1, null]}                           | "hush"         | the value is not one of ['a', 1, null]
                    {"pattern": "^a+$"}                                | "hush"         | the value does not match '^a+$'
                    {"const": "a"}                                     | "hush"         | the value does not satisfy `const`
                    """)
    void oneThatDoesNotIsRefusedInTheWordsOfTheApiAndNotQuoted(String schema, String value, String reason) {
        assertThatThrownBy(() -> check(schema, value))
                .isInstanceOf(ManagerException.class)
                .hasMessage("Error validating secret value: " + reason);
    }
}
