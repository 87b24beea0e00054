package io.holdfast.archive.cloudify;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * What a YAML document becomes with its aliases written out: a few lines can say more than any memory holds. Plugins use aliases by the
 * hundred, so their number alone tells nothing.
 */
final class WrittenOut {

    static final int MAX_VALUES = 1_000_000;
    static final int MAX_DEPTH = 200;

    private static final Extent ONE = new Extent(1, 1);
    private static final Extent ENDLESS = new Extent(MAX_VALUES + 1L, MAX_DEPTH + 1);

    private final Map<Object, Extent> known = new IdentityHashMap<>();

    private WrittenOut() {}

    /**
     * @param document as SnakeYAML loads it
     * @param name of the file, for the refusal
     * @throws ZipException if it has more than {@link #MAX_VALUES} values, more than {@link #MAX_DEPTH} levels, or contains itself
     */
    static void requireBounded(@Nullable Object document, String name) throws ZipException {
        Extent extent = new WrittenOut().of(document);
        if (extent.values > MAX_VALUES || extent.depth > MAX_DEPTH) {
            throw new ZipException("its " + name + " has, with its aliases written out, more than " + MAX_VALUES
                    + " values or " + MAX_DEPTH + " levels");
        }
    }

    private Extent of(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Extent extent = known.putIfAbsent(map, ENDLESS);
            return extent != null ? extent : noted(map, map.values());
        }
        if (value instanceof Collection<?> items) {
            Extent extent = known.putIfAbsent(items, ENDLESS);
            return extent != null ? extent : noted(items, items);
        }
        return ONE;
    }

    private Extent noted(Object parent, Collection<?> children) {
        long values = 1;
        int depth = 0;
        for (Object child : children) {
            Extent extent = of(child);
            values = Math.min(ENDLESS.values, values + extent.values);
            depth = Math.max(depth, extent.depth);
        }
        Extent extent = new Extent(values, Math.min(ENDLESS.depth, depth + 1));
        known.put(parent, extent);
        return extent;
    }

    private record Extent(long values, int depth) {}
}
