package io.holdfast.gateway.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryTest {

    private static final Instant NOW = Instant.parse("2026-03-13T10:00:30Z");

    @ParameterizedTest
    @CsvSource({
        "+10h, 2026-03-13T20:00:30Z",
        "+2 weeks, 2026-03-27T10:00:30Z",
        "+1month, 2026-04-13T10:00:30Z",
        "+1day+10min, 2026-03-14T10:10:30Z",
        "+1 day +10 minutes, 2026-03-14T10:10:30Z",
        "+1y+1mo+1d, 2027-04-14T10:00:30Z",
        "2101-10-12 12:21, 2101-10-12T12:21:00Z",
        "18:45, 2026-03-13T18:45:00Z",
        "2030-01-01T00:00:00+01:00, 2029-12-31T23:00:00Z"
    })
    void timesAreReadAsClientsWriteThem(String text, Instant expected) {
        assertThat(Expiry.parse(text, NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1972-02-10 12:57", "9:30", "10:00", "+0h"})
    void whatIsOverIsRefused(String text) {
        assertThatExceptionOfType(ManagerException.class)
                .isThrownBy(() -> Expiry.parse(text, NOW))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_PARAMETERS))
                .satisfies(e -> assertThat(e.detail()).isEqualTo("Expiration date was in the past."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"soon", "-10h", "+10", "+10 parsecs", "+1day10min", "+1day+", "25:00", "2026-02-30 10:00", ""})
    void otherTextsAreRefused(String text) {
        assertThatExceptionOfType(ManagerException.class)
                .isThrownBy(() -> Expiry.parse(text, NOW))
                .satisfies(e -> assertThat(e.detail()).contains("is not a legal expiration date"));
    }
}
