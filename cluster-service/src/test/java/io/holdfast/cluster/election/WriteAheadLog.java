package io.holdfast.cluster.election;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The log of a modelled PostgreSQL: entry {@code i} ends at position {@code i + 1}. */
final class WriteAheadLog {

    private long[] ids = new long[16];
    private long[] timelines = new long[16];
    private int size;

    int size() {
        return size;
    }

    long id(int index) {
        return ids[index];
    }

    long timeline() {
        return size == 0 ? 0 : timelines[size - 1];
    }

    Position position() {
        return new Position(timeline(), new Lsn(size));
    }

    void append(long timeline, long id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
            timelines = Arrays.copyOf(timelines, size * 2);
        }
        ids[size] = id;
        timelines[size++] = timeline;
    }

    void truncate(int length) {
        size = Math.min(size, length);
    }

    /** Adds the other's entries from this one's end up to {@code end}. */
    void receive(WriteAheadLog other, int end) {
        for (int i = size; i < end; i++) {
            append(other.timelines[i], other.ids[i]);
        }
    }

    boolean agreesWith(WriteAheadLog other) {
        int last = Math.min(size, other.size) - 1;
        return last < 0 || ids[last] == other.ids[last];
    }

    boolean contains(int index, long id) {
        return index < size && ids[index] == id;
    }

    /** Where {@code timeline} ends in this log; the size if it is the last one; -1 if it does not occur. */
    int endOf(long timeline) {
        for (int i = size - 1; i >= 0; i--) {
            if (timelines[i] == timeline) {
                return i + 1;
            }
        }
        return -1;
    }

    List<TimelineSwitch> history() {
        List<TimelineSwitch> history = new ArrayList<>();
        for (int i = 1; i < size; i++) {
            if (timelines[i] != timelines[i - 1]) {
                history.add(new TimelineSwitch(timelines[i], timelines[i - 1], new Lsn(i)));
            }
        }
        return history;
    }
}
