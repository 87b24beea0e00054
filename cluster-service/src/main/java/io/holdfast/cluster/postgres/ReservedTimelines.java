package io.holdfast.cluster.postgres;

import io.holdfast.cluster.election.Lsn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How a new timeline comes to have the epoch's number. PostgreSQL takes the lowest number above its own for which it finds no history
 * file; a file for each number between makes that the epoch. Such a file names no ancestor: a standby looks for newer timelines all the
 * time, refuses one that is no child of its own, and so never takes a reserved one for the parent of that which it is promoted to.
 * Standbys fetch these files with the others, and they stay for ever once a greater timeline really began.
 */
public final class ReservedTimelines {
    /** At the end of the file's comment: by it a reserved file is told from one that PostgreSQL wrote. */
    public static final String MARK = "reserved by the cluster";

    /** A greater distance would mean thousands of files that every standby fetches one by one. */
    public static final long MOST = 20_000;

    private static final String COMMENT = "# ";

    private ReservedTimelines() {}

    /**
     * @return the timelines to reserve, in order; empty if the epoch is the next one anyhow
     * @throws IllegalArgumentException if the epoch is not above the timeline, or too far above it
     */
    public static List<Long> between(long timeline, long epoch) {
        if (epoch <= timeline) {
            throw new IllegalArgumentException(
                    "the epoch must be greater than the present timeline, " + timeline + ", found: " + epoch);
        }
        if (epoch - timeline > MOST) {
            throw new IllegalArgumentException("the epoch may be at most " + MOST + " above the present timeline, "
                    + timeline + ", found: " + epoch);
        }
        return LongStream.range(timeline + 1, epoch).boxed().toList();
    }

    /** A comment only. @param end where the parent is left, for whoever reads it */
    public static String text(long parent, Lsn end) {
        return COMMENT + parent + "\t" + end + "\t" + MARK + "\n";
    }

    public static boolean isReserved(String historyText) {
        List<String> lines = historyText.lines().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty()) {
            return false;
        }
        String last = lines.get(lines.size() - 1);
        return last.startsWith(COMMENT) && last.endsWith("\t" + MARK);
    }

    /**
     * Those to remove before a standby starts or follows: reserved for a promotion that never came. Below a timeline that did begin they
     * stay, because PostgreSQL counts up over them to find it.
     *
     * @param reserved timelines with a reserved file
     * @param real timelines with a file of PostgreSQL's own
     */
    public static List<Long> obsolete(Collection<Long> reserved, Collection<Long> real) {
        long highest = real.stream().mapToLong(Long::longValue).max().orElse(0);
        List<Long> obsolete = new ArrayList<>(reserved);
        obsolete.removeIf(timeline -> timeline < highest);
        return obsolete.stream().sorted().toList();
    }
}
