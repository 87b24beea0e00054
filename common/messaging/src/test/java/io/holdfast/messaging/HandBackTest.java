package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HandBackTest {

    private Duration now = Duration.ZERO;
    private final HandBack handBack = new HandBack(() -> now.toNanos());

    @Test
    void manyThatFailTogetherWaitNoLongerThanOne() {
        for (int i = 0; i < 10; i++) {
            assertThat(handBack.pause()).isEqualTo(Duration.ofSeconds(1));
        }
    }

    @Test
    void theyWaitLongerWhileNothingSucceeds() {
        handBack.pause();
        now = Duration.ofSeconds(7);
        assertThat(handBack.pause()).isEqualTo(Duration.ofSeconds(7));
        now = Duration.ofHours(1);
        assertThat(handBack.pause()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void oneSuccessBeginsAnew() {
        handBack.pause();
        now = Duration.ofMinutes(1);
        handBack.succeeded();
        assertThat(handBack.pause()).isEqualTo(Duration.ofSeconds(1));
    }
}
