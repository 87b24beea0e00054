package io.holdfast.testsupport.history;

import java.util.Objects;

/**
 * One operation of a client. Times are of {@link System#nanoTime()}, which all processes of a Linux machine share.
 *
 * @param writer name of the client, unique in a run
 * @param key of a list; empty for an insert
 * @param value what was inserted or appended, unique in a run; empty for a read
 * @param endNanos when the answer, or the failure, was there; {@link Long#MAX_VALUE} if there was neither
 * @param epoch the timeline on which it was acknowledged; 0 if it was not
 * @param server the node whose database acknowledged it; empty if it was not
 * @param length how many elements the list had, an own one included
 * @param hash {@link #hash} of those elements
 */
public record Operation(
        String writer,
        Kind kind,
        String key,
        String value,
        long startNanos,
        long endNanos,
        boolean acknowledged,
        long epoch,
        String server,
        int length,
        long hash) {

    public enum Kind {
        /** A row of its own. */
        INSERT,
        /** To the end of a list, which the answer holds. */
        APPEND,
        /** Of a whole list, by a transaction that a quorum confirms. */
        READ
    }

    public Operation {
        Objects.requireNonNull(kind, "kind");
        if (endNanos < startNanos) {
            throw new IllegalArgumentException("an operation of " + writer + " ends before it starts: " + value);
        }
    }

    /** Of nothing; the start for {@link #hash(long, String)}. */
    public static final long EMPTY_HASH = 0xcbf29ce484222325L;

    /** The hash of a list by that of all but its last element; so a list of thousands is compared by one number. */
    public static long hash(long before, String element) {
        long hash = before;
        for (int i = 0; i < element.length(); i++) {
            hash = (hash ^ element.charAt(i)) * 0x100000001b3L;
        }
        return (hash ^ 0xffff) * 0x100000001b3L;
    }
}
