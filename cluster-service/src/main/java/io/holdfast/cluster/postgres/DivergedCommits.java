package io.holdfast.cluster.postgres;

import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The transactions that a node committed after its history parted from the active's, as its log tells. */
public final class DivergedCommits {
    private static final Pattern COMMIT =
            Pattern.compile("tx:\\s*(\\d+), lsn: ([0-9A-F]+/[0-9A-F]+),.*desc: COMMIT (\\S+ \\S+ \\S+?);?(?: .*)?$");
    private static final Pattern SUBTRANSACTIONS = Pattern.compile("; subxacts:((?: \\d+)+)");

    private DivergedCommits() {}

    /**
     * @param xid 32 bits
     * @param lsn where the commit's record begins
     * @param subtransactions ids that its rows may carry instead
     * @param at as pg_waldump prints it, in UTC
     */
    public record Commit(long timeline, long xid, Lsn lsn, List<Long> subtransactions, String at) {
        public Commit {
            subtransactions = List.copyOf(subtransactions);
        }
    }

    /** A stretch of a node's log on one timeline. */
    public record Stretch(long timeline, Lsn start, Lsn end) {}

    /**
     * The node's log from where the histories part to its end, timeline by timeline.
     *
     * @param own history of the node's timeline
     */
    public static List<Stretch> stretches(Position divergence, TimelineHistory own, Position end) {
        List<Stretch> stretches = new ArrayList<>();
        Lsn from = divergence.lsn();
        for (TimelineHistory.Ancestor ancestor : own.ancestors()) {
            if (ancestor.timeline() < divergence.timeline()) {
                continue;
            }
            if (ancestor.end().compareTo(from) > 0) {
                stretches.add(new Stretch(ancestor.timeline(), from, ancestor.end()));
                from = ancestor.end();
            }
        }
        if (end.lsn().compareTo(from) > 0) {
            stretches.add(new Stretch(own.timeline(), from, end.lsn()));
        }
        return stretches;
    }

    /** Reads what {@code pg_waldump --rmgr=Transaction} prints about one stretch, by transaction id, in the log's order. */
    public static Map<Long, Commit> parse(long timeline, String output) {
        Map<Long, Commit> commits = new LinkedHashMap<>();
        for (String line : output.lines().toList()) {
            Matcher commit = COMMIT.matcher(line);
            if (!commit.find() || commit.group(1).equals("0")) {
                continue;
            }
            List<Long> subtransactions = Optional.of(SUBTRANSACTIONS.matcher(line))
                    .filter(Matcher::find)
                    .map(found -> java.util.Arrays.stream(found.group(1).strip().split(" "))
                            .map(Long::valueOf)
                            .toList())
                    .orElse(List.of());
            long xid = Long.parseLong(commit.group(1));
            commits.put(xid, new Commit(timeline, xid, Lsn.parse(commit.group(2)), subtransactions, commit.group(3)));
        }
        return commits;
    }
}
