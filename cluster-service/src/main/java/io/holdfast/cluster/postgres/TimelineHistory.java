package io.holdfast.cluster.postgres;

import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A timeline and its ancestors, as {@code pg_wal/0000000N.history} has them. Where this history and another one part is decided by
 * these entries alone.
 *
 * @param timeline at least 1
 * @param ancestors oldest first; each ended where the next one, or {@code timeline}, began
 */
public record TimelineHistory(long timeline, List<Ancestor> ancestors) {

    /** @param end where the next timeline begins: WAL of this one from there on belongs to no descendant */
    public record Ancestor(long timeline, Lsn end) {}

    public TimelineHistory {
        ancestors = List.copyOf(ancestors);
        long last = 0;
        for (Ancestor ancestor : ancestors) {
            if (ancestor.timeline() <= last || ancestor.timeline() >= timeline) {
                throw new IllegalArgumentException("not a history of timeline " + timeline + ": " + ancestors);
            }
            last = ancestor.timeline();
        }
    }

    /** The history of the timeline that initdb makes. */
    public static TimelineHistory first() {
        return new TimelineHistory(1, List.of());
    }

    /**
     * @param text of a history file: a line for each ancestor with its id, the end and a reason; comments begin with {@code #}
     * @throws IllegalArgumentException if it is none
     */
    public static TimelineHistory parse(long timeline, String text) {
        List<Ancestor> ancestors = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] fields = line.strip().split("\\s+", 3);
            if (fields.length < 2) {
                throw new IllegalArgumentException("not a line of a timeline history: " + line);
            }
            ancestors.add(new Ancestor(Long.parseLong(fields[0]), Lsn.parse(fields[1])));
        }
        return new TimelineHistory(timeline, ancestors);
    }

    /** The file's name for a timeline. */
    public static String fileName(long timeline) {
        return String.format("%08X.history", timeline);
    }

    /** Where {@code other} leaves this timeline; empty if it does not descend from it, or is it. */
    public Optional<Lsn> endOf(long other) {
        return ancestors.stream()
                .filter(ancestor -> ancestor.timeline() == other)
                .map(Ancestor::end)
                .findFirst();
    }

    /**
     * Whether a node at {@code position} can follow this timeline as it is: what it has is a beginning of this history. A node on this
     * very timeline is, if the timeline's id stands for one history only, which holds as long as epochs are timelines.
     */
    public boolean continues(Position position) {
        return position.timeline() == timeline
                || endOf(position.timeline())
                        .filter(end -> position.lsn().compareTo(end) <= 0)
                        .isPresent();
    }

    /**
     * The last point that both histories share.
     *
     * @param other of a node whose own history parted from this one
     * @return the timeline of that point, and the point; empty if they share no timeline
     */
    public Optional<Position> partsFrom(TimelineHistory other) {
        Optional<Position> common = Optional.empty();
        for (long shared = 0, i = 0; i <= ancestors.size(); i++) {
            shared = i < ancestors.size() ? ancestors.get((int) i).timeline() : timeline;
            boolean theirs = shared == other.timeline() || other.endOf(shared).isPresent();
            if (!theirs) {
                break;
            }
            Optional<Lsn> here = endOf(shared);
            Optional<Lsn> there = other.endOf(shared);
            if (here.isEmpty() && there.isEmpty()) {
                return Optional.empty();
            }
            Lsn end = here.isEmpty()
                    ? there.orElseThrow()
                    : there.filter(lsn -> lsn.compareTo(here.orElseThrow()) < 0).orElse(here.orElseThrow());
            common = Optional.of(new Position(shared, end));
            if (!here.equals(there)) {
                break;
            }
        }
        return common;
    }
}
