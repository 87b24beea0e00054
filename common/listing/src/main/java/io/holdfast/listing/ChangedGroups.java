package io.holdfast.listing;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many groups of a summary have come or gone, by the numbers of rows that were added since: each says which group it is of. A group was
 * there before if it has more rows now than were added, and is there now if it has any.
 */
final class ChangedGroups {

    private record Group(long now, long added) {}

    private final Set<Long> missing;
    private final Set<Long> known;
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private boolean unknown;

    /** @param known the ids of all numbers that there were before */
    ChangedGroups(Set<Long> known) {
        this.known = known;
        this.missing = new HashSet<>(known);
    }

    /**
     * One of the numbers that are there now.
     *
     * @param seen whether the rows are some that the caller sees
     * @param rows that have come; negative: that have gone
     * @param group of the rows; null: not known
     * @param now rows of the group, at most {@link Sql#OF_GROUP}
     */
    void number(long id, boolean seen, long rows, @Nullable String group, long now) {
        missing.remove(id);
        if (known.contains(id) || !seen) {
            return;
        }
        if (group == null) {
            unknown = true;
        } else {
            groups.merge(group, new Group(now, rows), (one, other) -> new Group(now, one.added() + other.added()));
        }
    }

    /** Empty: some of the changes were added up with others since, or are of too many groups or rows. */
    OptionalLong difference() {
        boolean large =
                groups.values().stream().anyMatch(group -> group.now() >= Sql.OF_GROUP && group.added() >= group.now());
        if (unknown || large || !missing.isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(groups.values().stream()
                .mapToLong(group -> (group.now() > 0 ? 1 : 0) - (group.now() - group.added() > 0 ? 1 : 0))
                .sum());
    }
}
