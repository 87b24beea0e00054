package io.holdfast.scheduler.schedules;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about the occurrences of a schedule whose time has come.
 *
 * @param missed too late and not made up for, by time; the first may stand for more
 * @param failed the occurrence that a failed execution says was missed; null: none
 * @param firing to be started, by time
 * @param last the latest occurrence that this decides on; null: none
 * @param next what comes after it; null: there is no further one
 * @param decided how many occurrences this decides on
 */
public record Due(
        List<Missed> missed,
        @Nullable Instant failed,
        List<Firing> firing,
        @Nullable Instant last,
        @Nullable Instant next,
        long decided) {

    /** An occurrence is on time within this, whatever the schedule's slip is. */
    public static final Duration GRACE = Duration.ofSeconds(60);

    /** Rows for single missed occurrences; what happens every second would fill the history with what nobody reads. */
    static final int MOST_ROWS = 100;

    /** As much as one transaction does. The others are found due again at once. */
    static final int MOST_FIRED = 100;

    private static final int CHUNK = 5_000;

    /** More missed ones than this are not walked over, but for the last part of the time. */
    private static final long MOST_WALKED = 1_000_000;

    private static final Duration LAST_PART = Duration.ofDays(1);

    /** @param standsFor occurrences from this one on that the row stands for; above a million not all are counted */
    public record Missed(Instant occurrence, long standsFor) {}

    /** @param late it is made up for */
    public record Firing(Instant occurrence, boolean late) {}

    /** @param next the schedule's next occurrence, which is due */
    public static Due of(Schedule.Policy policy, Instant next, Instant now, long ordinal, Occurrences occurrences) {
        Instant lateBefore = now.minus(GRACE).minus(Duration.ofMinutes(policy.slipMinutes()));
        int madeUp = policy.catchUp() == Schedule.CatchUp.ALL
                ? policy.catchUpLimit()
                : policy.catchUp() == Schedule.CatchUp.SKIP ? 0 : 1;
        List<Instant> latest = new ArrayList<>();
        List<Instant> onTime = new ArrayList<>();
        long lateCount = 0;
        long walked = 0;
        Instant at = next;
        List<Instant> chunk = List.of(next);
        while (at != null && !at.isAfter(now) && onTime.size() <= MOST_FIRED) {
            for (Instant occurrence : chunk) {
                at = occurrence;
                if (occurrence.isAfter(now) || onTime.size() > MOST_FIRED) {
                    break;
                }
                walked++;
                if (occurrence.isBefore(lateBefore)) {
                    lateCount++;
                    latest.add(occurrence);
                } else {
                    onTime.add(occurrence);
                }
            }
            if (latest.size() > CHUNK) {
                latest.subList(0, latest.size() - MOST_ROWS - madeUp).clear();
            }
            if (!at.isAfter(now) && onTime.size() <= MOST_FIRED) {
                boolean tooMany =
                        walked > MOST_WALKED && !occurrences.isCounted() && at.isBefore(lateBefore.minus(LAST_PART));
                chunk = occurrences.after(tooMany ? lateBefore.minus(LAST_PART) : at, CHUNK, ordinal + walked);
                at = chunk.isEmpty() ? null : at;
            }
        }
        return decided(policy, next, latest, lateCount, onTime, madeUp, at);
    }

    private static Due decided(
            Schedule.Policy policy,
            Instant first,
            List<Instant> latest,
            long lateCount,
            List<Instant> onTime,
            int madeUp,
            @Nullable Instant beyond) {
        int up = Math.min(madeUp, latest.size());
        List<Instant> unused = latest.subList(0, latest.size() - up);
        List<Instant> used = latest.subList(latest.size() - up, latest.size());
        List<Instant> rows = unused.subList(Math.max(0, unused.size() - MOST_ROWS), unused.size());
        List<Missed> missed = new ArrayList<>();
        long before = lateCount - up - rows.size();
        if (before > 0) {
            missed.add(new Missed(first, before));
        }
        rows.forEach(occurrence -> missed.add(new Missed(occurrence, 1)));
        boolean fails = policy.catchUp() == Schedule.CatchUp.FAIL && !used.isEmpty();
        List<Firing> all = new ArrayList<>();
        if (!fails) {
            used.forEach(occurrence -> all.add(new Firing(occurrence, true)));
        }
        onTime.forEach(occurrence -> all.add(new Firing(occurrence, false)));
        List<Firing> firing = all.subList(0, Math.min(all.size(), MOST_FIRED));
        Instant next = firing.size() < all.size() ? all.get(firing.size()).occurrence() : beyond;
        Instant last = !firing.isEmpty()
                ? firing.get(firing.size() - 1).occurrence()
                : latest.isEmpty() ? null : latest.get(latest.size() - 1);
        return new Due(
                List.copyOf(missed),
                fails ? used.get(0) : null,
                List.copyOf(firing),
                last,
                next,
                lateCount - (fails ? 0 : up) + firing.size());
    }

    /** Between nothing and the schedule's jitter, always the same for one occurrence, to the millisecond. */
    public static Duration jitter(Schedule.Key key, int jitterSeconds, Instant occurrence) {
        if (jitterSeconds == 0) {
            return Duration.ZERO;
        }
        String seed = String.join("\n", key.tenantName(), key.deploymentId(), key.id(), occurrence.toString());
        long spread = UUID.nameUUIDFromBytes(seed.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .getMostSignificantBits();
        return Duration.ofMillis(Math.floorMod(spread, jitterSeconds * 1_000L + 1));
    }
}
