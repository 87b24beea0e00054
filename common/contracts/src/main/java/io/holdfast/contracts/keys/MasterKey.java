package io.holdfast.contracts.keys;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The installation's one secret, {@code holdfast.secret-key}. It is never used itself: each purpose gets a key of its own by HKDF-SHA256
 * (RFC 5869, without salt), so that a leak of one says nothing of the others. Immutable and safe to share between threads.
 */
public final class MasterKey {

    /** Length of the secret, and of the hash that keys are derived with. */
    public static final int BYTES = 32;

    private static final String HMAC = "HmacSHA256";

    private final byte[] pseudoRandomKey;

    MasterKey(byte[] secret) {
        this.pseudoRandomKey = hmac(new byte[BYTES], secret);
    }

    /**
     * @param base64 the configured text, standard or URL-safe alphabet
     * @throws IllegalArgumentException with a message for the operator, never the text itself
     */
    public static MasterKey of(String base64) {
        byte[] secret;
        try {
            String text = Objects.requireNonNull(base64).strip();
            secret = Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("holdfast.secret-key is not base64. " + howToMakeOne(), e);
        }
        if (secret.length != BYTES) {
            throw new IllegalArgumentException("holdfast.secret-key holds " + secret.length + " bytes, expected "
                    + BYTES + " in base64. " + howToMakeOne());
        }
        return new MasterKey(secret);
    }

    /** For messages to operators. */
    public static String howToMakeOne() {
        return "Make one with `openssl rand -base64 32`, give it to all services as HOLDFAST_SECRET_KEY, and keep it: "
                + "stored secrets cannot be read without it.";
    }

    /** A key of {@value #BYTES} bytes for one purpose; see {@link #derive(String, int)}. */
    public byte[] derive(String purpose) {
        return derive(purpose, BYTES);
    }

    /**
     * A key for one purpose.
     *
     * @param purpose a fixed text such as {@code holdfast internal identity v1}; another text gives an unrelated key
     * @param length bytes, 1 to 8160 (255 blocks, RFC 5869 section 2.3)
     */
    public byte[] derive(String purpose, int length) {
        if (length < 1 || length > 255 * BYTES) {
            throw new IllegalArgumentException("length must be 1 to " + 255 * BYTES + " bytes: " + length);
        }
        byte[] info = purpose.getBytes(StandardCharsets.UTF_8);
        byte[] output = new byte[length];
        byte[] block = new byte[0];
        int filled = 0;
        for (int counter = 1; filled < length; counter++) {
            byte[] input = Arrays.copyOf(block, block.length + info.length + 1);
            System.arraycopy(info, 0, input, block.length, info.length);
            input[input.length - 1] = (byte) counter;
            block = hmac(pseudoRandomKey, input);
            int part = Math.min(block.length, length - filled);
            System.arraycopy(block, 0, output, filled, part);
            filled += part;
        }
        return output;
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(message);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
