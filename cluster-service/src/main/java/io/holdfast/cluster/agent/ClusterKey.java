package io.holdfast.cluster.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that all nodes of one cluster share. It signs datagrams and HTTP operations, each with a key derived for that purpose, and
 * the passwords of the cluster's own database roles come from it, so that no second secret has to be copied between nodes.
 */
public final class ClusterKey {

    /** Of a signature, in bytes: HMAC-SHA256. */
    public static final int SIGNATURE_BYTES = 32;

    private static final int MIN_CHARS = 32;
    private static final String ALGORITHM = "HmacSHA256";
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final SecretKeySpec secret;

    /** @param text at least 32 characters */
    public ClusterKey(String text) {
        if (text.length() < MIN_CHARS) {
            throw new AgentRefused("the cluster's key has " + text.length() + " characters, expected at least "
                    + MIN_CHARS + "; make one with: openssl rand -hex 32, the same on all nodes");
        }
        this.secret = new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** Reads a key; refuses one that other users may read. */
    public static ClusterKey read(Path file) {
        try {
            Set<PosixFilePermission> open = EnumSet.copyOf(OTHERS);
            open.retainAll(Files.getPosixFilePermissions(file));
            if (!open.isEmpty()) {
                throw new AgentRefused(file + " may be read or written by other users (" + open
                        + "); expected mode 0600: chmod 600 " + file);
            }
            return new ClusterKey(Files.readString(file).strip());
        } catch (IOException e) {
            throw new AgentRefused(
                    "cannot read the cluster's key " + file + ": " + e
                            + "; copy it from another node, or name its file with secret.file",
                    e);
        }
    }

    /** A key for one purpose; what is signed for one is worth nothing for another. */
    public Signer signer(String purpose) {
        return new Signer(new SecretKeySpec(hmac(secret, purpose.getBytes(StandardCharsets.UTF_8)), ALGORITHM));
    }

    /** 32 hexadecimal digits: the password of a database role of the cluster, the same on all nodes. */
    public String password(String role) {
        byte[] bytes = hmac(secret, ("password of the role " + role).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(bytes, 0, 16);
    }

    private static byte[] hmac(SecretKeySpec key, byte[] data) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    /** Signs and checks for one purpose. Thread-safe. */
    public static final class Signer {

        private final SecretKeySpec key;

        private Signer(SecretKeySpec key) {
            this.key = key;
        }

        /** @return {@link #SIGNATURE_BYTES} bytes */
        public byte[] sign(byte[] data) {
            return hmac(key, data);
        }

        /** Compares in constant time. */
        public boolean isSigned(byte[] data, byte[] signature) {
            return MessageDigest.isEqual(hmac(key, data), signature);
        }
    }
}
