package io.holdfast.listing;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where in a list rows far from its beginning are, so that the page behind one that was read begins there instead of skipping all rows
 * before it again. Thread-safe; forgets what is asked for least. A place holds while no row has come, gone or changed hands: who uses
 * it must check in its own statement that the rows' state is still that of the place.
 */
final class Marks {

    private static final int LISTS = 64;
    private static final int MARKS_OF_A_LIST = 64;

    /**
     * @param offset how many rows of the list are before this one
     * @param key what the list is sorted by, of this row; the storage id is the last
     * @param state of all rows when this one was there
     */
    record Mark(long offset, List<Object> key, String state) {
        Mark {
            key = List.copyOf(key);
        }
    }

    private final Map<Object, NavigableMap<Long, Mark>> lists = new RecentlyUsed<>(LISTS);

    /** The last known row that is not behind the offset. @param list tells lists with other rows or another order apart */
    Optional<Mark> before(Object list, long offset) {
        synchronized (lists) {
            NavigableMap<Long, Mark> known = lists.get(list);
            return Optional.ofNullable(known)
                    .map(marks -> marks.floorEntry(offset))
                    .map(Map.Entry::getValue);
        }
    }

    void add(Object list, Mark mark) {
        synchronized (lists) {
            NavigableMap<Long, Mark> known = lists.computeIfAbsent(list, absent -> new TreeMap<>());
            known.values().removeIf(other -> !other.state().equals(mark.state()));
            known.put(mark.offset(), mark);
            if (known.size() > MARKS_OF_A_LIST) {
                // Whoever pages through a list goes on from the last one.
                known.pollFirstEntry();
            }
        }
    }
}
