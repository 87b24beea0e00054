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

    /** The error of executions that were running. The same words as the product whose API we serve. */
    public static final String CANCELLED_LINE = "Marked as cancelled by snapshot restore";

    /** {@code reason_code} of an overdue execution. */
    public static final String OVERDUE_REASON = "OVERDUE_AT_RESTORE";

    /** {@code reason_code} of an execution without a time. */
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
     * @return empty if it had ended: then it stays as it is
     */
    public static Optional<Fate> of(
            String status, @Nullable Instant scheduledFor, boolean madeTheSnapshot, Instant t0) {
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
        if (scheduledFor == null) {
            return Optional.of(Fate.INVALID_SCHEDULE);
        }
        return Optional.of(scheduledFor.isAfter(t0) ? Fate.RESCHEDULED : Fate.OVERDUE);
    }

    /** {@link #OVERDUE_LINE} for one execution; what is finer than a millisecond is cut. */
    public static String overdueLine(String executionId, Instant scheduledFor) {
        return String.format(Locale.ROOT, OVERDUE_LINE, executionId, MILLIS.format(scheduledFor));
    }
}
