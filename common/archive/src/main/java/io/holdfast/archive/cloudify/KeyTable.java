package io.holdfast.archive.cloudify;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers by key, for millions of keys: 128 bits of the key's SHA-256 stand for it, so an entry costs 24 bytes and two keys are
 * never confused by accident. Open addressing; not thread-safe.
 */
final class KeyTable {

    private final MessageDigest sha256;
    private long[] slots = new long[3 * 1024];
    private int used;
    private long first;
    private long second;

    KeyTable() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256", e);
        }
    }

    /** Value of the key that {@code parts} make, in which no part can run into the next; 0 if it has none. */
    long get(List<String> parts) {
        hash(parts);
        return slots[find(slots) + 2];
    }

    /** @param value not 0 */
    void put(List<String> parts, long value) {
        hash(parts);
        int slot = find(slots);
        if (slots[slot + 2] == 0) {
            if (++used * 4L > (slots.length / 3) * 3L) {
                grow();
                slot = find(slots);
            }
            slots[slot] = first;
            slots[slot + 1] = second;
        }
        slots[slot + 2] = value;
    }

    private void hash(List<String> parts) {
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
            sha256.update(bytes);
        }
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest());
        first = digest.getLong();
        second = digest.getLong();
    }

    private int find(long[] table) {
        int capacity = table.length / 3;
        int slot = Math.floorMod(first, capacity) * 3;
        while (table[slot + 2] != 0 && (table[slot] != first || table[slot + 1] != second)) {
            slot = slot + 3 == table.length ? 0 : slot + 3;
        }
        return slot;
    }

    private void grow() {
        long[] bigger = new long[Math.multiplyExact(slots.length, 2)];
        long[] wanted = {first, second};
        for (int slot = 0; slot < slots.length; slot += 3) {
            if (slots[slot + 2] != 0) {
                first = slots[slot];
                second = slots[slot + 1];
                int free = find(bigger);
                System.arraycopy(slots, slot, bigger, free, 3);
            }
        }
        Arrays.fill(slots, 0);
        slots = bigger;
        first = wanted[0];
        second = wanted[1];
    }
}
