package io.holdfast.restore.rule;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The restore rule as a pure decision; the SQL that carries it out is tested against it. One instant T0 for a whole restore: strictly
 * later survives, T0 itself is overdue. Source: the users' documents ("Failure to reschedule overdue workflow is also logged at INFO"),
 * docs/restore.md.
 */
public final class RestoreRule {

    /** A promise to users, and the execution's error: arguments are its id and its time (UTC, milliseconds, {@code Z}). */
    public static final String OVERDUE_LINE = "Execution %s scheduled for %s is overdue. Marking as FAILED.";

    /** Argument is the id. */
    public static final String INVALID_LINE = "Execution %s is scheduled without a time. Marking as FAILED.";

    /** Arguments are the id and the time as the database writes it. */
    public static final String UNREACHABLE_LINE =
            "Execution %s is scheduled for %s, not in the years 1 to 9999. Marking as FAILED.";

    /** Times outside of this are no times to run at: infinite ones and those that no calendar of ours can write. */
    public static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    /** The first instant that is too late, as {@link #EARLIEST} is the first that is not too early. */
    public static final Instant TOO_LATE = Instant.parse("+10000-01-01T00:00:00Z");

    /** The error of executions that were running. The same words as the product whose API we serve. */
    public static final String CANCELLED_LINE = "Marked as cancelled by snapshot restore";

    /** {@code reason_code} of an overdue execution. */
    public static final String OVERDUE_REASON = "OVERDUE_AT_RESTORE";

    /** {@code reason_code} of an execution without a time to run at. */
    public static final String INVALID_REASON = "INVALID_SCHEDULE";

    /** {@code reason_code} of an execution that was running. */
    public static final String CANCELLED_REASON = "CANCELLED_BY_RESTORE";

    private static final Set<String> RUNNING =
            Set.of("pending", "started", "cancelling", "force_cancelling", "kill_cancelling");

    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private RestoreRule() {}

    /**
     * @param status as in the snapshot
     * @param scheduledFor when it is to run, null if it has no time
     * @param madeTheSnapshot whether it is the {@code create_snapshot} that made the archive
     * @param overdueUpTo T0, less the grace if there is one
     * @return empty if it had ended: then it stays as it is
     */
    public static Optional<Fate> of(
            String status, @Nullable Instant scheduledFor, boolean madeTheSnapshot, Instant overdueUpTo) {
        boolean waiting = status.equals("scheduled") || status.equals("queued");
        if (!waiting && !RUNNING.contains(status)) {
            return Optional.empty();
        }
        if (madeTheSnapshot) {
            return Optional.of(Fate.TERMINATED);
        }
        if (status.equals("queued")) {
            return Optional.of(Fate.QUEUED);
        }
        if (!status.equals("scheduled")) {
            return Optional.of(Fate.CANCELLED);
        }
        if (scheduledFor == null || scheduledFor.isBefore(EARLIEST) || !scheduledFor.isBefore(TOO_LATE)) {
            return Optional.of(Fate.INVALID_SCHEDULE);
        }
        return Optional.of(scheduledFor.isAfter(overdueUpTo) ? Fate.RESCHEDULED : Fate.OVERDUE);
    }

    /** {@link #OVERDUE_LINE} for one execution; what is finer than a millisecond is cut. */
    public static String overdueLine(String executionId, Instant scheduledFor) {
        return String.format(Locale.ROOT, OVERDUE_LINE, executionId, MILLIS.format(scheduledFor));
    }
}
