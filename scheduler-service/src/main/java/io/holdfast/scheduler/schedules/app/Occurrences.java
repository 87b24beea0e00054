package io.holdfast.scheduler.schedules.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.scheduler.schedules.ScheduleRule;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TimeZone;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRule.RfcMode;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;
import org.jspecify.annotations.Nullable;

/**
 * The times at which a schedule is due, in UTC and whole seconds, ascending, each once. A rule with weekdays is one series a weekday,
 * merged; its count caps the merged series. Immutable and pure.
 */
public final class Occurrences {

    /** So far does a search go; rules that never come true (the 31st of February) end here. */
    private static final int MAX_STEPS = 5_000_000;

    private static final TimeZone UTC = TimeZone.getTimeZone("UTC");

    private final List<RecurrenceRule> rules;
    private final long since;
    private final @Nullable Long until;
    private final @Nullable Integer count;

    private Occurrences(List<RecurrenceRule> rules, long since, @Nullable Long until, @Nullable Integer count) {
        this.rules = List.copyOf(rules);
        this.since = since;
        this.until = until;
        this.count = count;
    }

    /**
     * @param until last moment at which one may fall; null: no end
     * @throws ManagerException {@code bad_parameters_error} for an rrule that is none
     */
    public static Occurrences of(ScheduleRule rule, Instant since, @Nullable Instant until) {
        List<RecurrenceRule> rules = new ArrayList<>();
        for (String text : rule.rfc5545()) {
            rules.add(parse(text));
        }
        if (rule.rrule() != null && rules.isEmpty()) {
            throw invalid(rule.rrule(), null);
        }
        return new Occurrences(
                rules,
                since.truncatedTo(ChronoUnit.SECONDS).toEpochMilli(),
                until == null ? null : until.toEpochMilli(),
                rule.count());
    }

    /** The first strictly after {@code time}. */
    public Optional<Instant> next(Instant time) {
        return after(time, 1).stream().findFirst();
    }

    /** At most {@code max}, all strictly after {@code time}. */
    public List<Instant> after(Instant time, int max) {
        long exclusive = time.toEpochMilli();
        List<Instant> found = new ArrayList<>();
        if (rules.isEmpty()) {
            if (since > exclusive && isBefore(since)) {
                found.add(Instant.ofEpochMilli(since));
            }
            return found;
        }
        PriorityQueue<Series> queue = new PriorityQueue<>(Comparator.comparingLong(series -> series.head));
        for (RecurrenceRule rule : rules) {
            Series series = new Series(rule);
            if (series.start(count == null ? exclusive : since)) {
                queue.add(series);
            }
        }
        long last = Long.MIN_VALUE;
        int counted = 0;
        for (int step = 0; step < MAX_STEPS && !queue.isEmpty() && found.size() < max; step++) {
            Series series = queue.remove();
            long at = series.head;
            if (!isBefore(at) || (count != null && counted >= count)) {
                break;
            }
            if (at != last && at >= since) {
                counted++;
                last = at;
                if (at > exclusive) {
                    found.add(Instant.ofEpochMilli(at));
                }
            }
            if (series.advance()) {
                queue.add(series);
            }
        }
        return found;
    }

    private boolean isBefore(long at) {
        return until == null || at <= until;
    }

    /** Floating, so that no rule of a zone interferes: an end in the text is UTC whether it says so or not, a day means its midnight. */
    private static RecurrenceRule parse(String text) {
        String floating =
                text.replaceAll("(UNTIL=\\d{8})(?=;|$)", "$1T000000").replaceAll("(UNTIL=\\d{8}T\\d{6})Z", "$1");
        try {
            return new RecurrenceRule(floating, RfcMode.RFC5545_LAX);
        } catch (InvalidRecurrenceRuleException | IllegalArgumentException e) {
            throw invalid(text, e);
        }
    }

    private static ManagerException invalid(String text, @Nullable Exception cause) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, "invalid RRULE string provided: " + text, null, cause);
    }

    private static DateTime floating(long millis) {
        DateTime utc = new DateTime(UTC, millis);
        return new DateTime(
                utc.getYear(), utc.getMonth(), utc.getDayOfMonth(), utc.getHours(), utc.getMinutes(), utc.getSeconds());
    }

    /** One rule's times, one ahead. The library gives up with IllegalArgumentException on a rule that does not come true. */
    private final class Series {

        private final RecurrenceRule rule;
        private @Nullable RecurrenceRuleIterator iterator;
        private long head;

        Series(RecurrenceRule rule) {
            this.rule = rule;
        }

        /** @param millis what is before may be skipped */
        boolean start(long millis) {
            try {
                RecurrenceRuleIterator fresh = rule.iterator(floating(since));
                if (millis > since) {
                    fresh.fastForward(floating(millis));
                }
                iterator = fresh;
                return advance();
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        boolean advance() {
            try {
                if (iterator == null || !iterator.hasNext()) {
                    return false;
                }
                head = iterator.nextMillis();
                return true;
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
    }
}
