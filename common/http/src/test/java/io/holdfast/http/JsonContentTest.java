package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonContentTest {

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/json; charset=utf-8", "Application/JSON"})
    void jsonIsToldByItsTypeWhateverItsParameters(String type) {
        assertThat(JsonContent.is(type)).isTrue();
        assertThatCode(() -> JsonContent.requireIfAny(new byte[] {'x'}, type)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"})
    void anythingElseIsRefused(String type) {
        assertThat(JsonContent.is(type)).isFalse();
        assertThatThrownBy(() -> JsonContent.requireIfAny(new byte[] {'x'}, type))
                .isInstanceOfSatisfying(
                        ManagerException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.UNSUPPORTED_CONTENT_TYPE))
                .hasMessageContaining("Content type must be application/json");
    }

    @Test
    void whatIsNotThereHasNoType() {
        assertThatCode(() -> JsonContent.requireIfAny(new byte[0], "text/plain"))
                .doesNotThrowAnyException();
        assertThatCode(() -> JsonContent.requireIfAny(null, null)).doesNotThrowAnyException();
    }
}
