package io.holdfast.http;

import io.holdfast.contracts.keys.MasterKey;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes texts that only this installation can make: hex of an HMAC-SHA256, and of what it is of. Thread-safe. */
final class Seal {

    private static final String HMAC = "HmacSHA256";
    private static final int BYTES = 32;

    /** A header longer than this is none of ours. */
    private static final int LONGEST = 4_096;

    private final byte[] key;

    /** @param purpose what is sealed for one is worth nothing for another */
    Seal(MasterKey masterKey, String purpose) {
        this.key = masterKey.derive(purpose);
    }

    String close(byte[] said) {
        return HexFormat.of().formatHex(mac(said)) + HexFormat.of().formatHex(said);
    }

    /** What was sealed; empty if it was not with this key, or says nothing. */
    Optional<byte[]> open(String text) {
        if (text.length() <= 2 * BYTES || text.length() > LONGEST || text.length() % 2 != 0) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        byte[] said = Arrays.copyOfRange(bytes, BYTES, bytes.length);
        return MessageDigest.isEqual(Arrays.copyOf(bytes, BYTES), mac(said)) ? Optional.of(said) : Optional.empty();
    }

    private byte[] mac(byte[] said) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(said);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
