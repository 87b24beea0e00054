package io.holdfast.inventory.secrets;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts values with a passphrase so that managers of the existing product read them, and reads theirs: tokens of the Fernet
 * specification, version 0x80, but with keys of 32 bytes, made of the passphrase with PBKDF2-HMAC-SHA256. The product's salt and
 * rounds are fixed, so that the passphrase alone must do. Immutable.
 */
public final class PassphraseCipher {

    private static final byte VERSION = (byte) 0x80;
    private static final byte[] SALT = "salt_".getBytes(StandardCharsets.US_ASCII);
    private static final int ROUNDS = 100_000;
    private static final int KEY_BYTES = 32;
    private static final int IV_BYTES = 16;
    private static final int MAC_BYTES = 32;
    private static final int HEAD_BYTES = 1 + Long.BYTES + IV_BYTES;

    private final SecretKeySpec signing;
    private final SecretKeySpec encrypting;

    /** Takes about a tenth of a second: that is what makes guessing slow. */
    public PassphraseCipher(String passphrase) {
        try {
            byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(passphrase.toCharArray(), SALT, ROUNDS, 2 * KEY_BYTES * Byte.SIZE))
                    .getEncoded();
            this.signing = new SecretKeySpec(key, 0, KEY_BYTES, "HmacSHA256");
            this.encrypting = new SecretKeySpec(key, KEY_BYTES, KEY_BYTES, "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has PBKDF2 with HMAC-SHA256", e);
        }
    }

    /** @param iv 16 random bytes, never the same twice */
    public String encrypt(String plain, Instant now, byte[] iv) {
        if (iv.length != IV_BYTES) {
            throw new IllegalArgumentException("an initialisation vector has 16 bytes, not " + iv.length);
        }
        try {
            byte[] body = aes(Cipher.ENCRYPT_MODE, iv).doFinal(plain.getBytes(StandardCharsets.UTF_8));
            byte[] signed = ByteBuffer.allocate(HEAD_BYTES + body.length)
                    .put(VERSION)
                    .putLong(now.getEpochSecond())
                    .put(iv)
                    .put(body)
                    .array();
            byte[] token = ByteBuffer.allocate(signed.length + MAC_BYTES)
                    .put(signed)
                    .put(mac(signed))
                    .array();
            return Base64.getUrlEncoder().encodeToString(token);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("encrypting never fails", e);
        }
    }

    /** Empty if it is no token, was changed, or is of another passphrase: that cannot be told apart. */
    public Optional<String> decrypt(String token) {
        byte[] all;
        try {
            all = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (all.length < HEAD_BYTES + MAC_BYTES || all[0] != VERSION) {
            return Optional.empty();
        }
        byte[] signed = Arrays.copyOf(all, all.length - MAC_BYTES);
        byte[] mac = Arrays.copyOfRange(all, signed.length, all.length);
        try {
            if (!MessageDigest.isEqual(mac, mac(signed))) {
                return Optional.empty();
            }
            byte[] iv = Arrays.copyOfRange(signed, 1 + Long.BYTES, HEAD_BYTES);
            byte[] body = aes(Cipher.DECRYPT_MODE, iv).doFinal(signed, HEAD_BYTES, signed.length - HEAD_BYTES);
            return Optional.of(new String(body, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private Cipher aes(int mode, byte[] iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(mode, encrypting, new IvParameterSpec(iv));
        return cipher;
    }

    private byte[] mac(byte[] signed) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(signing);
        return mac.doFinal(signed);
    }
}
