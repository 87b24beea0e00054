package io.holdfast.http;

import io.holdfast.contracts.keys.MasterKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What an execution's worker shows to the API: hex of an HMAC-SHA256, of the SHA-256 of the dispatch that it is for, and of tenant and
 * execution. It is made from the installation's key whenever it is needed and kept nowhere; it is good only as long as that dispatch is
 * the execution's present one, which the gateway asks for. Thread-safe.
 */
public final class ExecutionTokens {

    private static final String PURPOSE = "holdfast execution token v1";
    private static final String HMAC = "HmacSHA256";
    private static final int BYTES = 32;
    private static final char SEPARATOR = '\0';

    /** A header longer than this is none of ours. */
    private static final int LONGEST = 4_096;

    private final byte[] key;

    public ExecutionTokens(MasterKey masterKey) {
        this.key = masterKey.derive(PURPOSE);
    }

    /** What a genuine token says. Whether its dispatch is the present one is still to be asked. */
    public record Claim(String tenantName, String executionId, String dispatchHash) {

        /** Takes the same time for every other dispatch. */
        public boolean isOf(String dispatchToken) {
            return MessageDigest.isEqual(HexFormat.of().parseHex(dispatchHash), hash(dispatchToken));
        }
    }

    /** @param dispatchToken the token under which the scheduler handed the execution out */
    public String issue(String tenantName, String executionId, String dispatchToken) {
        byte[] said = said(hash(dispatchToken), tenantName, executionId);
        return HexFormat.of().formatHex(mac(said)) + HexFormat.of().formatHex(said);
    }

    /** Empty if it was not made with this installation's key. */
    public Optional<Claim> verify(String text) {
        if (text.length() <= 4 * BYTES || text.length() > LONGEST || text.length() % 2 != 0) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        byte[] said = Arrays.copyOfRange(bytes, BYTES, bytes.length);
        if (!MessageDigest.isEqual(Arrays.copyOf(bytes, BYTES), mac(said))) {
            return Optional.empty();
        }
        String names = new String(said, BYTES, said.length - BYTES, StandardCharsets.UTF_8);
        int separator = names.indexOf(SEPARATOR);
        return Optional.of(new Claim(
                names.substring(0, separator),
                names.substring(separator + 1),
                HexFormat.of().formatHex(said, 0, BYTES)));
    }

    private static byte[] said(byte[] hash, String tenantName, String executionId) {
        if (tenantName.indexOf(SEPARATOR) >= 0) {
            throw new IllegalArgumentException("no tenant has such a name");
        }
        byte[] names = (tenantName + SEPARATOR + executionId).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(hash.length + names.length)
                .put(hash)
                .put(names)
                .array();
    }

    private static byte[] hash(String dispatchToken) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(dispatchToken.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
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
