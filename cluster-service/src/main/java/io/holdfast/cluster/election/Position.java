package io.holdfast.cluster.election;

/**
 * How new a node's PostgreSQL state is: its timeline first, then the position in the log. Comparable only between nodes of one
 * cluster. As a timeline is the epoch in which it began, this is the order by which the newest state is found.
 *
 * @param timeline of the last record that the node holds, 1 or more; 0 for a node without data
 * @param lsn end of what the node holds durably: the greater of received and replayed
 */
public record Position(long timeline, Lsn lsn) implements Comparable<Position> {

    /** Of a node that holds no data, such as a witness. Before every other. */
    public static final Position NONE = new Position(0, Lsn.ZERO);

    /** The highest timeline PostgreSQL knows. */
    public static final long MAX_TIMELINE = 0xFFFF_FFFFL;

    public Position {
        if (timeline < 0 || timeline > MAX_TIMELINE) {
            throw new IllegalArgumentException("a timeline is a number from 0 to 4294967295, found: " + timeline);
        }
    }

    @Override
    public int compareTo(Position other) {
        int byTimeline = Long.compare(timeline, other.timeline);
        return byTimeline != 0 ? byTimeline : lsn.compareTo(other.lsn);
    }

    @Override
    public String toString() {
        return timeline + "@" + lsn;
    }
}
