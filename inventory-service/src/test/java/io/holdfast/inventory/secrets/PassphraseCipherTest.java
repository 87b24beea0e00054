package io.holdfast.inventory.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class PassphraseCipherTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final PassphraseCipher cipher = new PassphraseCipher("swordfish");

    @Test
    void whatOneEncryptsAnotherOfTheSamePassphraseOpens() {
        String token = cipher.encrypt("grüße\n{\"a\": 1}", NOW, new byte[16]);
        assertThat(new PassphraseCipher("swordfish").decrypt(token)).contains("grüße\n{\"a\": 1}");
        assertThat(new PassphraseCipher("swordfisch").decrypt(token)).isEmpty();
    }

    @Test
    void tokensHaveTheFormOfFernet() {
        byte[] token = Base64.getUrlDecoder().decode(cipher.encrypt("x", NOW, new byte[16]));
        // Version, eight bytes of seconds, the vector, one block, the signature.
        assertThat(token).hasSize(1 + 8 + 16 + 16 + 32);
        assertThat(token[0]).isEqualTo((byte) 0x80);
    }

    /** Made with the algorithm's own words in another language: PBKDF2-HMAC-SHA256 of "swordfish", salt "salt_", 100,000 rounds. */
    @Test
    void aTokenThatWasMadeElsewhereOpens() {
        assertThat(
                        cipher.decrypt(
                                "gAAAAABlU_EAAAECAwQFBgcICQoLDA0OD79DBVaaYP8wp276rQ5Q8BgoF7m30nuyjofaMOJSgLhh6lwu5x_VpzQUkRBuUYhiGQ=="))
                .contains("from elsewhere");
    }

    @Test
    void whatIsNoTokenOrWasChangedDoesNotOpen() {
        String token = cipher.encrypt("x", NOW, new byte[16]);
        byte[] changed = Base64.getUrlDecoder().decode(token);
        changed[30] ^= 1;
        assertThat(cipher.decrypt(Base64.getUrlEncoder().encodeToString(changed)))
                .isEmpty();
        assertThat(cipher.decrypt("")).isEmpty();
        assertThat(cipher.decrypt("no token at all!")).isEmpty();
        assertThat(cipher.decrypt(token.substring(0, 40))).isEmpty();
    }
}
