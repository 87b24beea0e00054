package io.holdfast.cluster.agent.peers;

import io.holdfast.cluster.agent.ClusterKey;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * One datagram. On the wire: {@code HFPD}, version, 8 bytes that stand for the cluster's name, sender, recipient, boot, sequence,
 * payload, and an HMAC-SHA256 over all of that.
 *
 * @param boot the sender's start, see {@code BootCounter}
 * @param sequence grows by one with each datagram of a start
 */
record Envelope(String from, String to, long boot, long sequence, byte[] payload) {

    /** Fits in one UDP datagram with room to spare; a message has a few hundred bytes. */
    static final int MAX_BYTES = 16 * 1024;

    private static final int MAGIC = 0x48465044;
    private static final byte VERSION = 1;
    private static final int CLUSTER_BYTES = 8;

    /** Why a datagram was not taken; each is counted. */
    enum Drop {
        TOO_SHORT,
        OTHER_PROTOCOL,
        OTHER_VERSION,
        OTHER_CLUSTER,
        FORGED,
        MALFORMED,
        OTHER_RECIPIENT,
        UNKNOWN_SENDER,
        REPLAYED
    }

    /** Carries the reason out of the decoder. */
    static final class Dropped extends Exception {

        private static final long serialVersionUID = 1L;

        private final Drop reason;

        Dropped(Drop reason) {
            super(reason.name(), null, false, false);
            this.reason = reason;
        }

        Drop reason() {
            return reason;
        }
    }

    byte[] encode(String cluster, ClusterKey.Signer signer) {
        byte[] sender = from.getBytes(StandardCharsets.UTF_8);
        byte[] recipient = to.getBytes(StandardCharsets.UTF_8);
        int length = 4 + 1 + CLUSTER_BYTES + 1 + sender.length + 1 + recipient.length + 8 + 8 + 4 + payload.length;
        if (length + ClusterKey.SIGNATURE_BYTES > MAX_BYTES || sender.length > 255 || recipient.length > 255) {
            throw new IllegalArgumentException(
                    "a datagram of " + length + " bytes, expected at most " + (MAX_BYTES - ClusterKey.SIGNATURE_BYTES));
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        buffer.putInt(MAGIC).put(VERSION).put(cluster(cluster));
        buffer.put((byte) sender.length).put(sender);
        buffer.put((byte) recipient.length).put(recipient);
        buffer.putLong(boot).putLong(sequence).putInt(payload.length).put(payload);
        byte[] signature = signer.sign(buffer.array());
        return ByteBuffer.allocate(length + signature.length)
                .put(buffer.array())
                .put(signature)
                .array();
    }

    static Envelope decode(byte[] datagram, String cluster, ClusterKey.Signer signer) throws Dropped {
        int signed = datagram.length - ClusterKey.SIGNATURE_BYTES;
        if (signed < 4 + 1 + CLUSTER_BYTES) {
            throw new Dropped(Drop.TOO_SHORT);
        }
        ByteBuffer buffer = ByteBuffer.wrap(datagram, 0, signed);
        if (buffer.getInt() != MAGIC) {
            throw new Dropped(Drop.OTHER_PROTOCOL);
        }
        if (buffer.get() != VERSION) {
            throw new Dropped(Drop.OTHER_VERSION);
        }
        byte[] name = new byte[CLUSTER_BYTES];
        buffer.get(name);
        if (!Arrays.equals(name, cluster(cluster))) {
            throw new Dropped(Drop.OTHER_CLUSTER);
        }
        if (!signer.isSigned(Arrays.copyOf(datagram, signed), Arrays.copyOfRange(datagram, signed, datagram.length))) {
            throw new Dropped(Drop.FORGED);
        }
        try {
            String from = text(buffer);
            String to = text(buffer);
            long boot = buffer.getLong();
            long sequence = buffer.getLong();
            int length = buffer.getInt();
            if (length < 0 || length != buffer.remaining()) {
                throw new Dropped(Drop.MALFORMED);
            }
            byte[] payload = new byte[length];
            buffer.get(payload);
            return new Envelope(from, to, boot, sequence, payload);
        } catch (BufferUnderflowException e) {
            throw new Dropped(Drop.MALFORMED);
        }
    }

    private static String text(ByteBuffer buffer) {
        byte[] bytes = new byte[Byte.toUnsignedInt(buffer.get())];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] cluster(String name) {
        try {
            return Arrays.copyOf(
                    MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)), CLUSTER_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
