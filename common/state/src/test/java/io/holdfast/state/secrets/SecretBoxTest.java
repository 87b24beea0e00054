package io.holdfast.state.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretBoxTest {

    private final SecretBox box = new SecretBox(Map.of("old", new byte[32], "new", key(7)), "new");

    @Test
    void opensWhatItSealed() {
        String sealed = box.seal("sword\u0000fish ü", "secrets/1:t/1:k");
        assertThat(box.open(sealed, "secrets/1:t/1:k")).isEqualTo("sword\u0000fish ü");
        assertThat(sealed).startsWith("hf1:new:").doesNotContain("fish");
    }

    @Test
    void theSameValueIsSealedDifferentlyEachTime() {
        assertThat(box.seal("x", "a")).isNotEqualTo(box.seal("x", "a"));
    }

    @Test
    void aValueMovedToAnotherRowDoesNotOpen() {
        String sealed = box.seal("x", SecretBox.aad("secrets", "t", "a"));
        assertThatThrownBy(() -> box.open(sealed, SecretBox.aad("secrets", "t", "b")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageNotContaining("x\"");
    }

    @Test
    void aValueUnderAKeyThatIsNotHereNamesTheKey() {
        SecretBox other = new SecretBox(Map.of("k9", key(9)), "k9");
        assertThatThrownBy(() -> box.open(other.seal("x", "a"), "a")).hasMessageContaining("k9");
    }

    @Test
    void partsOfAPlaceCannotRunIntoEachOther() {
        assertThat(SecretBox.aad("s", "a/b", "c")).isNotEqualTo(SecretBox.aad("s", "a", "b/c"));
    }

    private static byte[] key(int fill) {
        byte[] key = new byte[32];
        java.util.Arrays.fill(key, (byte) fill);
        return key;
    }
}
