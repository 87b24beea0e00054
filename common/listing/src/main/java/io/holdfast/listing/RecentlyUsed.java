package io.holdfast.listing;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets what was not asked for longest when it has too many entries. Not thread-safe: asking changes it, too. */
final class RecentlyUsed<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1;

    private final int most;

    /** @param most entries that it keeps, at least 1 */
    RecentlyUsed(int most) {
        super(16, 0.75f, true);
        if (most < 1) {
            throw new IllegalArgumentException("most must be at least 1: " + most);
        }
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
