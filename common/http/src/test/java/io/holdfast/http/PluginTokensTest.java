package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.http.PluginTokens.Claim;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class PluginTokensTest {

    private static final Instant NOON = Instant.parse("2026-03-13T12:00:00.123Z");
    private static final Claim CLAIM = Claim.ofPlugin("tänant", "alice", "p-1", NOON);

    private final PluginTokens tokens = new PluginTokens(key(0));

    @Test
    void saysWhoseItIsForWhatAndUntilWhen() {
        assertThat(tokens.verify(tokens.issue(CLAIM))).contains(CLAIM);
        Claim ofHook = Claim.ofHook("t1", "alice", "e-1", NOON);
        assertThat(tokens.verify(tokens.issue(ofHook))).contains(ofHook);
    }

    @Test
    void isOverAtItsLastInstant() {
        assertThat(CLAIM.isOver(NOON.minusMillis(1))).isFalse();
        assertThat(CLAIM.isOver(NOON)).isTrue();
    }

    @Test
    void isHexAsClientsExpect() {
        assertThat(tokens.issue(CLAIM)).matches("[0-9a-f]+");
    }

    @Test
    void oneOfAnotherInstallationIsNone() {
        assertThat(tokens.verify(new PluginTokens(key(1)).issue(CLAIM))).isEmpty();
    }

    @Test
    void everyChangedDigitMakesItNone() {
        String genuine = tokens.issue(CLAIM);
        for (int i = 0; i < genuine.length(); i++) {
            String changed =
                    genuine.substring(0, i) + (genuine.charAt(i) == '0' ? '1' : '0') + genuine.substring(i + 1);
            assertThat(changed.equals(genuine) || tokens.verify(changed).isEmpty())
                    .as(changed)
                    .isTrue();
        }
    }

    @Test
    void neitherKindOfTokenIsTakenForTheOther() {
        assertThat(new ExecutionTokens(key(0)).verify(tokens.issue(CLAIM))).isEmpty();
        assertThat(tokens.verify(new ExecutionTokens(key(0)).issue("t1", "e1", "dispatch")))
                .isEmpty();
    }

    @Test
    void whatIsTooShortOrNoHexIsNone() {
        for (String text : new String[] {"", "00", "zz", "0".repeat(64), "0".repeat(65), "0".repeat(5_000)}) {
            assertThat(tokens.verify(text)).as(text).isEmpty();
        }
    }

    @Test
    void aNameCannotPretendToBeTwo() {
        assertThatThrownBy(() -> tokens.issue(Claim.ofHook("t1", "alice\0p-2", "e-1", NOON)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static MasterKey key(int first) {
        byte[] key = new byte[32];
        key[0] = (byte) first;
        return MasterKey.of(Base64.getEncoder().encodeToString(key));
    }
}
