package io.holdfast.scheduler.schedules;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A schedule of a deployment.
 *
 * @param parameters of its executions, as given; null: none
 * @param arguments how its executions are started: {@code force}, {@code is_dry_run}, {@code allow_custom_parameters}
 */
public record Schedule(
        Key key,
        String workflowId,
        @Nullable Map<String, Object> parameters,
        @Nullable Map<String, Object> arguments,
        String visibility,
        @Nullable String createdBy,
        Instant createdAt,
        Timing timing,
        Policy policy,
        State state) {

    /** A schedule's id is unique within its deployment. */
    public record Key(String tenantName, String deploymentId, String id) {}

    /**
     * When it occurs.
     *
     * @param rule JSON of the rule, as given
     * @param zone IANA name
     * @param until inclusive; null: no end
     */
    public record Timing(
            Map<String, @Nullable Object> rule,
            String zone,
            DstPolicy dst,
            Instant since,
            @Nullable Instant until) {

        public Timing {
            rule = Collections.unmodifiableMap(new LinkedHashMap<>(rule));
        }

        /** @throws ManagerException BAD_PARAMETERS for a zone or a rule that is none */
        public Occurrences occurrences() {
            return Occurrences.of(ScheduleRule.of(rule), zoneId(), dst, since, until);
        }

        /** @throws ManagerException BAD_PARAMETERS if there is no such zone */
        public ZoneId zoneId() {
            try {
                return ZoneId.of(zone);
            } catch (DateTimeException e) {
                throw new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "time_zone: `" + zone + "` is not a time zone",
                        "use an IANA name such as Europe/Berlin, or UTC",
                        e);
            }
        }
    }

    /**
     * What is done about an occurrence.
     *
     * @param slipMinutes an occurrence that is later than this and a minute is too late
     * @param catchUpLimit at most so many late ones are made up for
     * @param jitterSeconds at most so much later an execution starts
     */
    public record Policy(
            int slipMinutes,
            boolean stopOnFail,
            Overlap overlap,
            CatchUp catchUp,
            int catchUpLimit,
            int jitterSeconds,
            int priority,
            @Nullable String concurrencyKey) {}

    /** When an execution of the schedule has not ended. */
    public enum Overlap {
        /** The occurrence is left out. */
        SKIP,
        /** It waits for its turn, if none does yet. */
        QUEUE_ONE,
        /** It waits for its turn. */
        QUEUE_ALL,
        /** The other is cancelled, then it is its turn. */
        CANCEL_OTHER,
        /** It runs beside it. */
        ALLOW;

        /** @throws ManagerException BAD_PARAMETERS for an unknown name */
        public static Overlap of(String name) {
            return DstPolicy.named("overlap", values(), name);
        }
    }

    /** What is done about occurrences that are too late. */
    public enum CatchUp {
        /** They are noted as missed. */
        SKIP,
        /** The latest is made up for. */
        ONCE,
        /** The latest ones are made up for, up to the limit. */
        ALL,
        /** One failed execution says so. */
        FAIL;

        /** @throws ManagerException BAD_PARAMETERS for an unknown name */
        public static CatchUp of(String name) {
            return DstPolicy.named("catch_up", values(), name);
        }
    }

    /** The name of a policy in API and database. */
    public static String nameOf(Enum<?> policy) {
        return DstPolicy.nameOf(policy);
    }

    /**
     * How far it has come.
     *
     * @param pauseNote why it is not enabled, if somebody said so
     * @param next null: none, or not worked out yet
     * @param last the latest occurrence that was decided on
     * @param ordinal how many occurrences there were until then
     * @param tzdbVersion of the time zone data that {@code next} was worked out by; null: not by us
     * @param updatedAt when its timing was last changed: nothing before is made up for
     * @param missedUntil not null: a restore has to decide first
     */
    public record State(
            boolean enabled,
            @Nullable String pauseNote,
            @Nullable Instant next,
            @Nullable Instant last,
            long ordinal,
            @Nullable String tzdbVersion,
            @Nullable Instant updatedAt,
            @Nullable String latestExecutionId,
            @Nullable Instant missedUntil) {

        /** Gone on to {@code next}. */
        public State at(@Nullable Instant newNext, @Nullable Instant newLast, long newOrdinal, String tzdb) {
            return new State(
                    enabled, pauseNote, newNext, newLast, newOrdinal, tzdb, updatedAt, latestExecutionId, missedUntil);
        }

        /** Paused, or resumed. */
        public State enabled(boolean yes, @Nullable String note) {
            return new State(yes, note, next, last, ordinal, tzdbVersion, updatedAt, latestExecutionId, missedUntil);
        }

        /** With another latest execution. */
        public State ran(String executionId) {
            return new State(enabled, pauseNote, next, last, ordinal, tzdbVersion, updatedAt, executionId, missedUntil);
        }

        /** As of a change of its timing. */
        public State changed(Instant at) {
            return new State(enabled, pauseNote, next, last, ordinal, tzdbVersion, at, latestExecutionId, missedUntil);
        }
    }

    /** The same schedule, elsewhere in its life. */
    public Schedule with(State other) {
        return new Schedule(
                key, workflowId, parameters, arguments, visibility, createdBy, createdAt, timing, policy, other);
    }

    /** With the first occurrence after {@code now} as its next: what was before is not made up for. */
    public Schedule startedAt(Instant now, String tzdbVersion) {
        Occurrences occurrences = timing.occurrences();
        long before = occurrences.isCounted() ? occurrences.countUntil(now, RecurrenceRule.MOST_COUNTED) : 0;
        Instant next = occurrences.after(now, 1, before).stream().findFirst().orElse(null);
        return with(state.at(next, state.last(), before, tzdbVersion).changed(now));
    }
}
