package io.holdfast.state.secrets;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The manager's master key ({@code holdfast.secret-key}). It never seals data itself: keys for each use are derived from it
 * (HKDF, RFC 5869, with SHA-256), so that one use says nothing of another.
 */
public final class MasterKey {

    private static final int KEY_BYTES = 32;

    private final byte[] key;

    private MasterKey(byte[] key) {
        this.key = key;
    }

    /**
     * @param base64 of 32 random bytes
     * @throws IllegalArgumentException if it is anything else; the text never shows the value
     */
    public static MasterKey of(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "holdfast.secret-key is not base64; expected base64 of 32 random bytes", e);
        }
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException("holdfast.secret-key holds " + bytes.length
                    + " bytes; expected base64 of " + KEY_BYTES + " random bytes (openssl rand -base64 32)");
        }
        return new MasterKey(bytes);
    }

    /** 32 bytes for one use, always the same for the same {@code purpose}. */
    public byte[] derive(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(new byte[KEY_BYTES], "HmacSHA256"));
            byte[] pseudoRandomKey = mac.doFinal(key);
            mac.init(new SecretKeySpec(pseudoRandomKey, "HmacSHA256"));
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 1);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks HmacSHA256", e);
        }
    }
}
