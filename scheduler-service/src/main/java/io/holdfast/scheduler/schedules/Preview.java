package io.holdfast.scheduler.schedules;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A coming occurrence, as people are shown it.
 *
 * @param at local time and offset
 * @param skipped the clock leaves it out, and the policy lets it go: it will not happen
 * @param note what a change of the clocks does to it; null: nothing
 */
public record Preview(
        ZonedDateTime at, boolean skipped, @Nullable String note) {

    /** The first {@code max} after {@code instant}; those that are skipped come on top. */
    public static List<Preview> of(Schedule.Timing timing, Instant instant, int max) {
        ZoneId zone = timing.zoneId();
        List<Instant> real = timing.occurrences().after(instant, max);
        Set<Instant> exact = new HashSet<>(under(timing, DstPolicy.Gap.SKIP, instant, max));
        Instant end = real.size() < max ? Instant.MAX : real.get(real.size() - 1);
        TreeSet<Instant> all = new TreeSet<>(real);
        under(timing, DstPolicy.Gap.SHIFT, instant, max).stream()
                .filter(occurrence -> !occurrence.isAfter(end))
                .forEach(all::add);
        Set<Instant> happening = Set.copyOf(real);
        List<Preview> shown = new ArrayList<>();
        for (Instant occurrence : all) {
            ZonedDateTime at = occurrence.atZone(zone);
            shown.add(new Preview(at, !happening.contains(occurrence), note(at, !exact.contains(occurrence), timing)));
        }
        return shown;
    }

    private static List<Instant> under(Schedule.Timing timing, DstPolicy.Gap gap, Instant instant, int max) {
        return new Schedule.Timing(
                        timing.rule(),
                        timing.zone(),
                        new DstPolicy(gap, timing.dst().overlap()),
                        timing.since(),
                        timing.until())
                .occurrences()
                .after(instant, max);
    }

    private static @Nullable String note(ZonedDateTime at, boolean notOnTheClock, Schedule.Timing timing) {
        ZoneOffsetTransition before =
                at.getZone().getRules().previousTransition(at.toInstant().plusSeconds(1));
        boolean gap = before != null
                && before.isGap()
                && Duration.between(before.getInstant(), at.toInstant()).compareTo(before.getDuration()) < 0;
        if (notOnTheClock && gap) {
            LocalDateTime meant = at.toLocalDateTime().minus(before.getDuration());
            return meant + " does not exist in " + timing.zone() + ": the clocks go from "
                    + before.getDateTimeBefore().toLocalTime() + " to "
                    + before.getDateTimeAfter().toLocalTime();
        }
        if (at.getZone().getRules().getValidOffsets(at.toLocalDateTime()).size() == 2) {
            boolean first = at.equals(at.withEarlierOffsetAtOverlap());
            return at.toLocalDateTime() + " comes twice in " + timing.zone() + ": this is the "
                    + (first ? "first" : "second");
        }
        return null;
    }
}
