package io.holdfast.gateway.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class VerifiedPasswordsTest {

    private static final Instant NOW = Instant.parse("2020-03-13T04:00:00Z");

    private final VerifiedPasswords verified = new VerifiedPasswords(new byte[32], Duration.ofMinutes(5));

    @Test
    void aRightPasswordIsRememberedForAWhile() {
        verified.remember("hash", "salt", "right", NOW);
        assertThat(verified.knows("hash", "salt", "right", NOW.plusSeconds(299)))
                .isTrue();
        assertThat(verified.knows("hash", "salt", "right", NOW.plusSeconds(300)))
                .isFalse();
    }

    @Test
    void anotherPasswordIsNotKnown() {
        verified.remember("hash", "salt", "right", NOW);
        assertThat(verified.knows("hash", "salt", "wrong", NOW)).isFalse();
    }

    @Test
    void aChangedHashForgetsAtOnce() {
        verified.remember("hash", "salt", "right", NOW);
        assertThat(verified.knows("new hash", "salt", "right", NOW)).isFalse();
        assertThat(verified.knows("hash", "salt2", "right", NOW)).isFalse();
    }

    @Test
    void partsAreNotMixedUp() {
        verified.remember("ab", "c", "d", NOW);
        assertThat(verified.knows("a", "bc", "d", NOW)).isFalse();
        assertThat(verified.knows("ab", "", "cd", NOW)).isFalse();
    }
}
