package io.holdfast.scheduler.schedules;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Collection;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An ascending series of distinct instants, as seconds since 1970. One pass, one thread. */
interface Series {

    long END = Expansion.END;

    /** The next instant, or {@link #END}. */
    long next();

    /** Passes over what is before {@code instant}, where that is cheap: earlier ones may still come. Before {@link #next} only. */
    void skipTo(long instant);

    /** A rule in a zone, from {@code start} on. */
    static Series of(RecurrenceRule rule, boolean byInstant, ZoneId zone, DstPolicy policy, long start, long until) {
        ZoneRules rules = zone.getRules();
        Series series = rules.isFixedOffset() || byInstant
                ? new ByInstant(rule, rules, start, until)
                : new ByWallClock(rule, rules, policy, start, until);
        Integer count = rule.count();
        return count == null ? series : new Counted(series, count);
    }

    /**
     * Follows the time that passes: within a stretch of one offset the rule is what it is in a zone of that offset. So steps are
     * equally long, and what happens each hour happens in both hours of an overlap.
     */
    final class ByInstant implements Series {

        private static final long LAST =
                LocalDateTime.of(9999, 12, 31, 23, 59, 59).toEpochSecond(ZoneOffset.UTC);

        private final RecurrenceRule rule;
        private final ZoneRules rules;
        private final long start;
        private final long until;
        private long from;
        private long to;
        private long offset;
        private @Nullable Expansion stretch;

        ByInstant(RecurrenceRule rule, ZoneRules rules, long start, long until) {
            this.rule = rule;
            this.rules = rules;
            this.start = start;
            this.until = Math.min(until, LAST);
            this.from = start;
        }

        @Override
        public void skipTo(long instant) {
            from = Math.max(start, instant);
            stretch = null;
        }

        @Override
        public long next() {
            while (from <= until) {
                Expansion current = stretch == null ? enter() : stretch;
                long local = current.next();
                long found = local == Expansion.END ? END : local - offset;
                if (found != END && found < from) {
                    continue;
                }
                if (found < to) {
                    return found <= until ? found : END;
                }
                from = to;
                stretch = null;
            }
            return END;
        }

        private Expansion enter() {
            Instant at = Instant.ofEpochSecond(from);
            offset = rules.getOffset(at).getTotalSeconds();
            ZoneOffsetTransition next = rules.nextTransition(at);
            to = next == null ? END : next.toEpochSecond();
            Expansion fresh = new Expansion(rule, start + offset);
            fresh.endAt(Math.min(to, until) + offset);
            fresh.seek(from + offset);
            stretch = fresh;
            return fresh;
        }
    }

    /** Follows the clock on the wall; where its hands jump, the policy says what happens. */
    final class ByWallClock implements Series {

        /** More than any clock was ever put forward or back. */
        private static final long MARGIN = 2 * 86_400L;

        private final ZoneRules rules;
        private final DstPolicy policy;
        private final long start;
        private final long startLocal;
        private final long until;
        private final Expansion expansion;
        private final PriorityQueue<Long> resolved = new PriorityQueue<>();
        private boolean begun;
        private long pending;
        private long last = Long.MIN_VALUE;

        ByWallClock(RecurrenceRule rule, ZoneRules rules, DstPolicy policy, long start, long until) {
            this.rules = rules;
            this.policy = policy;
            this.start = start;
            this.startLocal =
                    start + rules.getOffset(Instant.ofEpochSecond(start)).getTotalSeconds();
            this.until = until;
            this.expansion = new Expansion(rule, startLocal);
            if (until != END) {
                expansion.endAt(until + MARGIN);
            }
        }

        @Override
        public void skipTo(long instant) {
            expansion.seek(instant - MARGIN);
        }

        @Override
        public long next() {
            if (!begun) {
                begun = true;
                pending = expansion.next();
            }
            while (true) {
                if (!resolved.isEmpty() && (pending == Expansion.END || resolved.peek() <= earliest(pending))) {
                    long found = resolved.poll();
                    if (found > until) {
                        return END;
                    }
                    if (found != last && found >= start) {
                        last = found;
                        return found;
                    }
                } else if (pending == Expansion.END) {
                    return END;
                } else {
                    resolve(pending);
                    pending = expansion.next();
                }
            }
        }

        /** Nothing that is on the wall at {@code local} or later is before this. */
        private long earliest(long local) {
            LocalDateTime time = LocalDateTime.ofEpochSecond(local, 0, ZoneOffset.UTC);
            List<ZoneOffset> offsets = rules.getValidOffsets(time);
            return offsets.isEmpty()
                    ? rules.getTransition(time).toEpochSecond()
                    : local - offsets.get(0).getTotalSeconds();
        }

        private void resolve(long local) {
            LocalDateTime time = LocalDateTime.ofEpochSecond(local, 0, ZoneOffset.UTC);
            List<ZoneOffset> offsets = rules.getValidOffsets(time);
            if (offsets.isEmpty()) {
                if (policy.gap() == DstPolicy.Gap.SHIFT) {
                    resolved.add(
                            local - rules.getTransition(time).getOffsetBefore().getTotalSeconds());
                }
            } else if (offsets.size() == 1) {
                resolved.add(local - offsets.get(0).getTotalSeconds());
            } else {
                long first = local - offsets.get(0).getTotalSeconds();
                long second = local - offsets.get(1).getTotalSeconds();
                boolean begunBetween = local == startLocal && first < start;
                if (policy.overlap() != DstPolicy.Overlap.SECOND && !begunBetween) {
                    resolved.add(first);
                }
                if (policy.overlap() != DstPolicy.Overlap.FIRST || begunBetween) {
                    resolved.add(second);
                }
            }
        }
    }

    /** The first ones only. It cannot skip: what is counted must be walked over. */
    final class Counted implements Series {

        private final Series all;
        private int left;

        Counted(Series all, int count) {
            this.all = all;
            this.left = count;
        }

        @Override
        public long next() {
            return left-- > 0 ? all.next() : END;
        }

        @Override
        public void skipTo(long instant) {
            // Earlier ones may still come: they count.
        }
    }

    /** Single instants. */
    final class Dates implements Series {

        private final long[] dates;
        private int at;

        Dates(Collection<Long> dates) {
            this.dates = dates.stream()
                    .mapToLong(Long::longValue)
                    .sorted()
                    .distinct()
                    .toArray();
        }

        @Override
        public long next() {
            return at < dates.length ? dates[at++] : END;
        }

        @Override
        public void skipTo(long instant) {
            while (at < dates.length && dates[at] < instant) {
                at++;
            }
        }
    }

    /** Asks whether a series has an instant, for ascending instants. Far behind, it begins again close to what is asked for. */
    final class Exclusion {

        private static final long FAR_BEHIND = 3_600;

        /** Of beginning again, in steps. */
        private static final int EFFORT_OF_BEGIN = 5_000;

        private final Supplier<Series> series;
        private final boolean skips;
        private @Nullable Series walk;
        private long head;
        private long effort;

        /** @param skips whether the series passes over what is skipped */
        Exclusion(Supplier<Series> series, boolean skips) {
            this.series = series;
            this.skips = skips;
        }

        boolean has(long instant) {
            Series current = walk;
            if (current == null || (skips && instant - head > FAR_BEHIND)) {
                current = series.get();
                current.skipTo(instant);
                head = current.next();
                walk = current;
                effort += EFFORT_OF_BEGIN;
            }
            while (head < instant) {
                head = current.next();
                effort++;
            }
            return head == instant;
        }

        /** How many steps it has taken so far. */
        long effort() {
            return effort;
        }
    }

    /** Several series in one order, without what is excluded; an instant of several is one. */
    final class Merged implements Series {

        /** Series that exclude each other whole must not be walked for ever. */
        private static final int MOST_EXCLUDED = 500_000;

        private static final long MOST_EFFORT = 20_000_000;

        private final List<Series> parts;
        private final List<Exclusion> exclusions;
        private final Set<Long> excluded;
        private @Nullable PriorityQueue<Head> heads;
        private long last = Long.MIN_VALUE;

        private record Head(long at, Series rest) {}

        Merged(List<Series> parts, List<Exclusion> exclusions, Set<Long> excluded) {
            this.parts = parts;
            this.exclusions = exclusions;
            this.excluded = excluded;
        }

        @Override
        public void skipTo(long instant) {
            parts.forEach(part -> part.skipTo(instant));
        }

        @Override
        public long next() {
            PriorityQueue<Head> current = heads == null ? begin() : heads;
            long effort = effort();
            for (int passed = 0;
                    passed < MOST_EXCLUDED && effort() - effort < MOST_EFFORT && !current.isEmpty();
                    passed++) {
                Head head = current.poll();
                advance(current, head.rest());
                long at = head.at();
                if (at != last && !excluded.contains(at) && exclusions.stream().noneMatch(rule -> rule.has(at))) {
                    last = at;
                    return at;
                }
            }
            return END;
        }

        private long effort() {
            return exclusions.stream().mapToLong(Exclusion::effort).sum();
        }

        private PriorityQueue<Head> begin() {
            PriorityQueue<Head> fresh = new PriorityQueue<>((a, b) -> Long.compare(a.at(), b.at()));
            parts.forEach(part -> advance(fresh, part));
            heads = fresh;
            return fresh;
        }

        private static void advance(PriorityQueue<Head> heads, Series part) {
            long next = part.next();
            if (next != END) {
                heads.add(new Head(next, part));
            }
        }
    }
}
