package io.holdfast.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LockPolicyTest {

    private static final Instant NOW = Instant.parse("2020-03-13T04:00:00Z");

    private final LockPolicy policy = new LockPolicy(4, Duration.ofMinutes(10));

    private static Account failed(int times, @Nullable Instant last) {
        return new Account("a", "default", true, false, true, null, null, null, times, last, Map.of(), List.of());
    }

    @Test
    void fourFailuresAreForgivenTheFifthLocks() {
        assertThat(policy.locks(failed(4, NOW), NOW)).isFalse();
        assertThat(policy.locks(failed(5, NOW), NOW)).isTrue();
    }

    @Test
    void theLockEndsWithThePeriod() {
        assertThat(policy.locks(failed(5, NOW), NOW.plus(Duration.ofMinutes(10)).minusMillis(1)))
                .isTrue();
        assertThat(policy.locks(failed(5, NOW), NOW.plus(Duration.ofMinutes(10))))
                .isFalse();
    }

    @Test
    void withoutAPeriodNothingLocks() {
        assertThat(new LockPolicy(4, Duration.ZERO).locks(failed(99, NOW), NOW)).isFalse();
        assertThat(new LockPolicy(4, Duration.ofMinutes(-1)).locks(failed(99, NOW), NOW))
                .isFalse();
    }
}
