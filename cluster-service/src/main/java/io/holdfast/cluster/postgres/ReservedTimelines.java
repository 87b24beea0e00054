package io.holdfast.cluster.postgres;

import io.holdfast.cluster.election.Lsn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How a new timeline comes to have the epoch's number. PostgreSQL takes the lowest number above its own for which it finds no history
 * file; a file for each number between makes that the epoch. Standbys fetch these files with the others, so each says truthfully where
 * its parent is left, and stays for ever once a greater timeline really began.
 */
public final class ReservedTimelines {
    /** In the reason's place of a line: by it a reserved file is told from one that PostgreSQL wrote. */
    public static final String MARK = "reserved by the cluster";

    /** A greater distance would mean thousands of files that every standby fetches one by one. */
    public static final long MOST = 20_000;

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

    /** @param parentHistory text of the parent's history file, empty for timeline 1 */
    public static String text(String parentHistory, long parent, Lsn end) {
        String before = parentHistory.isEmpty() || parentHistory.endsWith("\n") ? parentHistory : parentHistory + "\n";
        return before + parent + "\t" + end + "\t" + MARK + "\n";
    }

    public static boolean isReserved(String historyText) {
        List<String> lines = historyText.lines().filter(line -> !line.isBlank()).toList();
        return !lines.isEmpty() && lines.get(lines.size() - 1).endsWith("\t" + MARK);
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
