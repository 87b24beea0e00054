package io.holdfast.http;

import io.holdfast.contracts.keys.MasterKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What an execution's worker shows to the API: hex of an HMAC-SHA256, of the SHA-256 of the dispatch that it is for, and of tenant and
 * execution. It is made from the installation's key whenever it is needed and kept nowhere; it is good only as long as that dispatch is
 * the execution's present one, which the gateway asks for. Thread-safe.
 */
public final class ExecutionTokens {

    private static final String PURPOSE = "holdfast execution token v1";
    private static final int BYTES = 32;
    private static final char SEPARATOR = '\0';

    private final Seal seal;

    public ExecutionTokens(MasterKey masterKey) {
        this.seal = new Seal(masterKey, PURPOSE);
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
        return seal.close(said(hash(dispatchToken), tenantName, executionId));
    }

    /** Empty if it was not made with this installation's key. */
    public Optional<Claim> verify(String text) {
        return seal.open(text).filter(said -> said.length > BYTES).map(ExecutionTokens::claim);
    }

    private static Claim claim(byte[] said) {
        String names = new String(said, BYTES, said.length - BYTES, StandardCharsets.UTF_8);
        int separator = names.indexOf(SEPARATOR);
        return new Claim(
                names.substring(0, separator),
                names.substring(separator + 1),
                HexFormat.of().formatHex(said, 0, BYTES));
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
}
