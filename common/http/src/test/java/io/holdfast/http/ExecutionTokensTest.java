package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.keys.MasterKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutionTokensTest {

    private final ExecutionTokens tokens = new ExecutionTokens(key(0));

    @Test
    void saysWhoseItIs() {
        // when
        ExecutionTokens.Claim claim =
                tokens.verify(tokens.issue("tänant", "e-1", "dispatch-1")).orElseThrow();
        // then
        assertThat(claim.tenantName()).isEqualTo("tänant");
        assertThat(claim.executionId()).isEqualTo("e-1");
        assertThat(claim.isOf("dispatch-1")).isTrue();
        assertThat(claim.isOf("dispatch-2")).isFalse();
    }

    @Test
    void isHexAsClientsExpect() {
        assertThat(tokens.issue("t1", "e1", "d1")).matches("[0-9a-f]+");
    }

    @Test
    void isTheSameEachTimeSoThatItNeedNotBeKept() {
        assertThat(tokens.issue("t1", "e1", "d1")).isEqualTo(tokens.issue("t1", "e1", "d1"));
    }

    @Test
    void doesNotShowTheDispatchToken() {
        assertThat(new String(
                        HexFormat.of().parseHex(tokens.issue("t1", "e1", "dispatch-1")), StandardCharsets.ISO_8859_1))
                .doesNotContain("dispatch-1");
    }

    @Test
    void oneOfAnotherInstallationIsNone() {
        assertThat(tokens.verify(new ExecutionTokens(key(1)).issue("t1", "e1", "d1")))
                .isEmpty();
    }

    @Test
    void everyChangedDigitMakesItNone() {
        String genuine = tokens.issue("t1", "e1", "d1");
        for (int i = 0; i < genuine.length(); i++) {
            String changed =
                    genuine.substring(0, i) + (genuine.charAt(i) == '0' ? '1' : '0') + genuine.substring(i + 1);
            assertThat(tokens.verify(changed)).as(changed).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "zz", "ctok-0123456789-0123456789012345678901234567890123456789", "\u0000"})
    void whatIsNoTokenIsNone(String text) {
        assertThat(tokens.verify(text)).isEmpty();
        assertThat(tokens.verify(text.repeat(200))).isEmpty();
    }

    private static MasterKey key(int fill) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) fill);
        return MasterKey.of(Base64.getEncoder().encodeToString(secret));
    }
}
