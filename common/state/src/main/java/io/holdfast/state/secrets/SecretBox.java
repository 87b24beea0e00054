package io.holdfast.state.secrets;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals and opens single values with AES-256-GCM. A sealed value reads {@code hf1:<key id>:<base64 of nonce and ciphertext>} and is
 * bound to its place by the associated data ({@link #aad}), so that it cannot be moved to another row. Thread-safe.
 */
public final class SecretBox {

    private static final String PREFIX = "hf1";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Map<String, byte[]> dataKeys;
    private final String sealingKeyId;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param dataKeys 32 bytes each, by key id
     * @param sealingKeyId the one that seals; all of them open
     */
    public SecretBox(Map<String, byte[]> dataKeys, String sealingKeyId) {
        this.dataKeys = Map.copyOf(dataKeys);
        this.sealingKeyId = sealingKeyId;
        if (!this.dataKeys.containsKey(sealingKeyId)) {
            throw new IllegalArgumentException("no data key with the id " + sealingKeyId);
        }
    }

    /** The place of a value, for example {@code aad("secrets", tenant, key)}; the parts cannot run into each other. */
    public static String aad(String table, String... key) {
        StringBuilder text = new StringBuilder(table);
        for (String part : key) {
            text.append('/').append(part.length()).append(':').append(part);
        }
        return text.toString();
    }

    public String seal(String plain, String aad) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, sealingKeyId, nonce, aad, plain.getBytes(StandardCharsets.UTF_8));
        byte[] all = ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                .put(nonce)
                .put(sealed)
                .array();
        return PREFIX + ":" + sealingKeyId + ":" + Base64.getEncoder().encodeToString(all);
    }

    /** @throws IllegalStateException if the value was sealed elsewhere, tampered with, or its data key is not here */
    public String open(String sealed, String aad) {
        String[] parts = sealed.split(":", 3);
        if (parts.length != 3 || !parts[0].equals(PREFIX)) {
            throw new IllegalStateException("not a sealed value; expected " + PREFIX + ":<key id>:<data>");
        }
        byte[] all = Base64.getDecoder().decode(parts[2]);
        byte[] nonce = Arrays.copyOf(all, NONCE_BYTES);
        byte[] body = Arrays.copyOfRange(all, NONCE_BYTES, all.length);
        return new String(cipher(Cipher.DECRYPT_MODE, parts[1], nonce, aad, body), StandardCharsets.UTF_8);
    }

    private byte[] cipher(int mode, String keyId, byte[] nonce, String aad, byte[] input) {
        byte[] key = dataKeys.get(keyId);
        if (key == null) {
            throw new IllegalStateException(
                    "the data key " + keyId + " is not here; the keys here are " + dataKeys.keySet());
        }
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(aad.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "a value at " + aad + " does not open with the data key " + keyId
                            + ": it was changed, moved, or sealed under another key",
                    e);
        }
    }
}
