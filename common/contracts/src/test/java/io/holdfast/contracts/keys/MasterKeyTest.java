package io.holdfast.contracts.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MasterKeyTest {

    private static final String VALID = Base64.getEncoder().encodeToString(new byte[MasterKey.BYTES]);

    @Test
    void derivesAsRfc5869TestCase3() {
        // given
        byte[] secret = new byte[22];
        Arrays.fill(secret, (byte) 0x0b);
        // when
        byte[] derived = new MasterKey(secret).derive("", 42);
        // then
        assertThat(HexFormat.of().formatHex(derived))
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    }

    @Test
    void purposesGetUnrelatedKeys() {
        MasterKey key = MasterKey.of(VALID);
        assertThat(key.derive("one", 32)).isNotEqualTo(key.derive("two", 32));
        assertThat(key.derive("one", 32)).isEqualTo(key.derive("one", 32));
    }

    @Test
    void refusesAKeyOfAnotherLengthSayingWhatItHolds() {
        String sixteen = Base64.getEncoder().encodeToString(new byte[16]);
        assertThatThrownBy(() -> MasterKey.of(sixteen))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holdfast.secret-key holds 16 bytes, expected 32")
                .hasMessageContaining("openssl rand -base64 32");
    }

    @Test
    void refusesWhatIsNotBase64WithoutRepeatingIt() {
        assertThatThrownBy(() -> MasterKey.of("*secret*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holdfast.secret-key is not base64")
                .hasMessageNotContaining("*secret*");
    }
}
