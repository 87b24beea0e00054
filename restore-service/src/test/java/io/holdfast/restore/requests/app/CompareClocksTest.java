package io.holdfast.restore.requests.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** Edge case 1 of docs/restore.md: clocks that disagree. */
class CompareClocksTest {

    private static final Instant NOW = Instant.parse("2020-03-13T06:00:00Z");

    private static CompareClocks withDatabaseAt(Instant database) {
        return new CompareClocks(() -> database, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @Test
    void clocksThatAgreeAreNotSpokenOf() {
        assertThat(withDatabaseAt(NOW.plusMillis(900)).compare(false)).isEmpty();
    }

    @Test
    void aSecondApartIsAWarning() {
        assertThat(withDatabaseAt(NOW.plusSeconds(2)).compare(false))
                .hasValue("the database's clock is 2.0 s ahead of this manager's");
    }

    @Test
    void fiveSecondsApartIsRefusedUnlessItIsAccepted() {
        CompareClocks clocks = withDatabaseAt(NOW.minusSeconds(6));
        assertThatThrownBy(() -> clocks.compare(false))
                .isInstanceOfSatisfying(
                        ManagerException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CLOCKS_DISAGREE));
        assertThat(clocks.compare(true)).hasValue("the database's clock is 6.0 s behind this manager's");
    }
}
