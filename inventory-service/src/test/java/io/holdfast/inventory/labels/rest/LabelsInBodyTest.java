package io.holdfast.inventory.labels.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.labels.Label;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsInBodyTest {

    private static List<Label> labels(String json) {
        try {
            return LabelsInBody.of(new ObjectMapper().readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"env\": \"a\"}, {\"env\": \"b\"}]",
                "[{\"env\": [\"a\", \"b\"]}]",
                "[{\"key\": \"env\", \"value\": \"a\"}, {\"key\": \"env\", \"value\": \"b\"}]",
                "[{\"key\": \"env\", \"value\": [\"a\", \"b\"]}]"
            })
    void severalValuesOfAKeyAreGivenInEitherForm(String json) {
        assertThat(labels(json)).containsExactly(new Label("env", "a"), new Label("env", "b"));
    }

    @Test
    void whatIsNoTextIsRefused() {
        assertThat(catchThrowableOfType(ManagerException.class, () -> labels("[{\"key\": \"env\", \"value\": [1]}]"))
                        .detail())
                .startsWith("Labels must be a list of 1-entry dictionaries");
    }
}
