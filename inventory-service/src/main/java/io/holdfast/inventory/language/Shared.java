package io.holdfast.inventory.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plain values of which equal ones are one object. Each node of a plan repeats all operations of its type, so that a plan of some
 * thousand nodes takes a hundredth of the memory. What it returns cannot be changed. Not thread-safe.
 */
public final class Shared {

    private final Map<Object, Object> known = new HashMap<>();

    /** @param value map, list, text, number, boolean, null; without cycles */
    public @Nullable Object of(@Nullable Object value) {
        if (value == null || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Map<?, ?> map) {
            LinkedHashMap<String, @Nullable Object> items = new LinkedHashMap<>();
            map.forEach((key, item) -> items.put(String.valueOf(key), of(item)));
            return ofShared(items);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> items = new ArrayList<>(list.size());
            list.forEach(item -> items.add(of(item)));
            return ofShared(items);
        }
        Object one = known.putIfAbsent(value, value);
        return one == null ? value : one;
    }

    /** @param items whose values come from here, and which the caller gives away */
    public Object ofShared(LinkedHashMap<String, @Nullable Object> items) {
        Object[] key = new Object[2 * items.size()];
        int at = 0;
        for (Map.Entry<String, @Nullable Object> item : items.entrySet()) {
            key[at++] = item.getKey();
            key[at++] = item.getValue();
        }
        return known.computeIfAbsent(new Content(true, key), content -> Collections.unmodifiableMap(items));
    }

    /** @param items that come from here, and which the caller gives away */
    public Object ofShared(List<@Nullable Object> items) {
        return known.computeIfAbsent(
                new Content(false, items.toArray()), content -> Collections.unmodifiableList(items));
    }

    /** Equal where it holds the same objects: these are shared already, so nobody looks into them again. */
    private static final class Content {

        private final boolean map;
        private final @Nullable Object[] items;
        private final int hash;

        Content(boolean map, @Nullable Object[] items) {
            this.map = map;
            this.items = items;
            int sum = map ? 1 : 0;
            for (Object item : items) {
                sum = 31 * sum + (item instanceof String text ? text.hashCode() : System.identityHashCode(item));
            }
            this.hash = sum;
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Content content
                    && content.hash == hash
                    && content.map == map
                    && Arrays.equals(content.items, items, Content::compare);
        }

        private static int compare(@Nullable Object one, @Nullable Object other) {
            return one == other || one instanceof String text && text.equals(other) ? 0 : 1;
        }
    }
}
