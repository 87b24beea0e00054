package io.holdfast.testsupport.history;

import java.util.Arrays;
import java.util.Collection;

/** When inserts were acknowledged, of all clients together: shows how long nobody got one. */
public final class Acknowledgements {

    private final long[] sorted;

    public Acknowledgements(Collection<Operation> operations) {
        this.sorted = operations.stream()
                .filter(operation -> operation.kind() == Operation.Kind.INSERT && operation.acknowledged())
                .mapToLong(Operation::endNanos)
                .sorted()
                .toArray();
    }

    public int count() {
        return sorted.length;
    }

    /**
     * The longest time without an acknowledgement that has a part in this window; its other part, before or after, counts, too. What has
     * no end counts to the end of the window.
     */
    public long longestGapNanos(long fromNanos, long toNanos) {
        if (toNanos < fromNanos) {
            throw new IllegalArgumentException("the window ends before it begins: " + fromNanos + " to " + toNanos);
        }
        int found = Arrays.binarySearch(sorted, fromNanos);
        int next = found >= 0 ? found : -found - 1;
        long before = next > 0 ? sorted[next - 1] : fromNanos;
        long longest = 0;
        for (int i = next; i < sorted.length; i++) {
            longest = Math.max(longest, sorted[i] - before);
            before = sorted[i];
            if (before >= toNanos) {
                return longest;
            }
        }
        return Math.max(longest, toNanos - before);
    }
}
