package io.holdfast.scheduler.catchup;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is decided on the occurrences that a restore missed. Those that are to be made up for are left to the schedule loop, which finds
 * them overdue and starts them as the schedule's policies say; all others get a row in the history. Source: docs/restore.md.
 *
 * @param missed rows to be written, by time; at most {@link #MOST_ROWS} and one that stands for all before them
 * @param failed the occurrence that one failed execution is made for; null: none
 * @param decided how many occurrences were decided on
 * @param last the latest of these; null: none
 * @param next the first occurrence that is left; null: there is none
 * @param total how many were missed
 */
public record CatchUp(
        List<Missed> missed,
        @Nullable Instant failed,
        long decided,
        @Nullable Instant last,
        @Nullable Instant next,
        long total) {

    /** Rows for single occurrences: what happens every second would fill the history with what nobody reads. */
    public static final int MOST_ROWS = 100;

    /** More than this are not counted one by one. */
    static final int MOST_COUNTED = 1_000_000;

    private static final int CHUNK = 10_000;

    /**
     * @param occurrenceAt the occurrence, or the first of those that the row stands for
     * @param detail null for a single occurrence
     */
    public record Missed(Instant occurrenceAt, @Nullable String detail) {}

    public CatchUp {
        missed = List.copyOf(missed);
    }

    /**
     * @param first the first occurrence that nothing was decided on; null: not known, and then nothing was missed
     * @param t0 the instant of the restore: an occurrence at it was missed
     * @param limit at most so many are left to be made up for
     */
    public static CatchUp of(
            CatchUpPolicy policy, int limit, @Nullable Instant first, Instant t0, Recurrence recurrence) {
        if (first == null || first.isAfter(t0)) {
            return new CatchUp(List.of(), null, 0, null, first, 0);
        }
        int madeUp = policy == CatchUpPolicy.ALL ? limit : policy == CatchUpPolicy.ONCE ? 1 : 0;
        Passed passed = Passed.between(first, t0, MOST_ROWS + Math.max(madeUp, 1), recurrence);
        List<Instant> latest = passed.latest();
        int left = Math.min(madeUp, latest.size());
        Instant failed = policy == CatchUpPolicy.FAIL ? latest.get(latest.size() - 1) : null;
        List<Instant> unused = latest.subList(0, latest.size() - (failed == null ? left : 1));
        List<Instant> single = unused.subList(Math.max(0, unused.size() - MOST_ROWS), unused.size());
        long before = passed.count() - single.size() - left - (failed == null ? 0 : 1);
        List<Missed> missed = new ArrayList<>();
        if (before > 0) {
            missed.add(new Missed(
                    first,
                    String.format(
                            Locale.ROOT,
                            "stands for %s%d occurrences from %s on, before those that have rows of their own",
                            passed.exact() ? "" : "at least ",
                            before,
                            first)));
        }
        single.forEach(occurrence -> missed.add(new Missed(occurrence, null)));
        Instant last = failed != null ? failed : unused.isEmpty() ? null : unused.get(unused.size() - 1);
        Instant next = left > 0
                ? latest.get(latest.size() - left)
                : recurrence.after(t0, 1).stream().findFirst().orElse(null);
        return new CatchUp(missed, failed, passed.count() - left, last, next, passed.count());
    }

    /** The occurrences from {@code first} to {@code t0}, both included: how many, and the latest of them. */
    private record Passed(List<Instant> latest, long count, boolean exact) {

        static Passed between(Instant first, Instant t0, int keep, Recurrence recurrence) {
            Deque<Instant> latest = new ArrayDeque<>();
            latest.add(first);
            long count = 1;
            Instant cursor = first;
            while (count < MOST_COUNTED) {
                List<Instant> more = upTo(t0, recurrence.after(cursor, CHUNK));
                for (Instant occurrence : more) {
                    keep(latest, occurrence, keep);
                    cursor = occurrence;
                }
                count += more.size();
                if (more.size() < CHUNK) {
                    return new Passed(List.copyOf(latest), count, true);
                }
            }
            return new Passed(lookingBack(cursor, t0, keep, recurrence), count, false);
        }

        /** Where there are too many to walk to the end: back from the end, twice as far each time. */
        private static List<Instant> lookingBack(Instant cursor, Instant t0, int keep, Recurrence recurrence) {
            for (Duration back = Duration.ofMinutes(1); ; back = back.multipliedBy(2)) {
                Instant from = t0.minus(back).isBefore(cursor) ? cursor : t0.minus(back);
                Deque<Instant> latest = new ArrayDeque<>();
                Instant at = from;
                List<Instant> more;
                do {
                    more = upTo(t0, recurrence.after(at, CHUNK));
                    for (Instant occurrence : more) {
                        keep(latest, occurrence, keep);
                        at = occurrence;
                    }
                } while (more.size() == CHUNK);
                if (latest.size() == keep || from.equals(cursor)) {
                    return List.copyOf(latest);
                }
            }
        }

        private static List<Instant> upTo(Instant t0, List<Instant> occurrences) {
            int end = occurrences.size();
            while (end > 0 && occurrences.get(end - 1).isAfter(t0)) {
                end--;
            }
            return occurrences.subList(0, end);
        }

        private static void keep(Deque<Instant> latest, Instant occurrence, int most) {
            latest.add(occurrence);
            if (latest.size() > most) {
                latest.remove();
            }
        }
    }
}
