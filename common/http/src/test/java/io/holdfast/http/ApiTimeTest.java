package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ApiTimeTest {

    @Test
    void alwaysHasThreeDigitsOfMillisecondsAndIsUtc() {
        assertThat(ApiTime.format(Instant.parse("2020-03-13T04:00:00Z"))).isEqualTo("2020-03-13T04:00:00.000Z");
        assertThat(ApiTime.format(Instant.parse("2020-03-13T04:00:00.123999Z"))).isEqualTo("2020-03-13T04:00:00.123Z");
    }

    @Test
    void unsetStaysUnset() {
        assertThat(ApiTime.formatOrNull(null)).isNull();
    }

    @Test
    void readsAnyOffset() {
        assertThat(ApiTime.parse("2020-03-13T06:00:00.5+02:00")).isEqualTo(Instant.parse("2020-03-13T04:00:00.500Z"));
    }
}
