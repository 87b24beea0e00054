package io.holdfast.scheduler.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ManagerException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduledTimeTest {

    private static final Instant NOW = Instant.parse("2026-03-13T01:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "202603130400+0000, 2026-03-13T04:00:00Z",
        "202603130400-0500, 2026-03-13T09:00:00Z",
        "202603130400+0530, 2026-03-12T22:30:00Z",
        "202603130400, 2026-03-13T04:00:00Z",
        "2026-03-13T04:00:59.9999Z, 2026-03-13T04:00:59.999Z",
        "2026-03-13T04:00:00+01:00, 2026-03-13T03:00:00Z",
        "2026-03-13 04:00, 2026-03-13T04:00:00Z",
        "2026-03-13T04:00:00+0100, 2026-03-13T03:00:00Z",
        "2026-03-14, 2026-03-14T00:00:00Z",
    })
    void bothFormsAreReadToTheMillisecond(String text, Instant expected) {
        assertThat(ScheduledTime.parse(text, Instant.parse("2026-03-12T00:00:00Z")))
                .isEqualTo(expected);
    }

    @Test
    void onlyTheStrictFutureIsAccepted() {
        assertThat(ScheduledTime.parse("202603130101+0000", NOW)).isAfter(NOW);
        assertThatThrownBy(() -> ScheduledTime.parse("202603130100+0000", NOW))
                .isInstanceOf(ManagerException.class)
                .hasMessageStartingWith(
                        "Date `202603130100+0000` has already passed, please provide valid date. \nExpected format: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "", "202613130400+0000", "204001010000+0000"})
    void unreadableAndFarAwayTimesAreRefused(String text) {
        assertThatThrownBy(() -> ScheduledTime.parse(text, NOW)).isInstanceOf(ManagerException.class);
    }
}
