package io.holdfast.restore.requests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.errors.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Edge case 1 of docs/restore.md: clocks that disagree. */
class ClockSkewTest {

    private static final Instant NOW = Instant.parse("2020-03-13T06:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "0, false, false",
        "1000, false, false",
        "1001, true, false",
        "-1001, true, false",
        "5000, true, false",
        "5001, true, true",
        "-5001, true, true",
        "-3600000, true, true"
    })
    void moreThanASecondIsWarnedOfAndMoreThanFiveIsRefused(long millis, boolean warned, boolean refused) {
        ClockSkew skew = ClockSkew.between(NOW, NOW.plusMillis(millis), NOW);
        assertThat(skew.warning().isPresent()).isEqualTo(warned);
        assertThat(skew.refusal().isPresent()).isEqualTo(refused);
    }

    @Test
    void aSlowAnswerIsNoSkew() {
        ClockSkew skew = ClockSkew.between(NOW, NOW.plusSeconds(20), NOW.plusSeconds(30));
        assertThat(skew.databaseAhead()).isEqualTo(Duration.ZERO);
        assertThat(ClockSkew.between(NOW, NOW.plusSeconds(32), NOW.plusSeconds(30))
                        .databaseAhead())
                .as("what is certain")
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void theRefusalSaysHowFarAndNamesTheWayOut() {
        assertThat(ClockSkew.between(NOW, NOW.minusSeconds(7), NOW).refusal()).hasValueSatisfying(refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.CLOCKS_DISAGREE);
            assertThat(refusal.detail()).startsWith("the database's clock is 7.0 s behind this manager's");
            assertThat(refusal.hint()).contains("accept_clock_skew");
        });
    }
}
