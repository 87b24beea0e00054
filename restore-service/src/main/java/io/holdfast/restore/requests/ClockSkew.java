package io.holdfast.restore.requests;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How far the database's clock, which decides what is overdue, is from this process's. Source: docs/restore.md.
 *
 * @param databaseAhead negative: the database's clock is behind
 */
public record ClockSkew(Duration databaseAhead) {

    /** Clocks that are kept by NTP are nearer than this. */
    public static final Duration WORTH_A_WARNING = Duration.ofSeconds(1);

    /** One of the clocks is wrong, and it may be the one that decides. */
    public static final Duration TOO_MUCH = Duration.ofSeconds(5);

    /**
     * What is certain of it: how long the question took is nobody's skew.
     *
     * @param before this process's clock before the database was asked
     * @param database what the database said
     * @param after this process's clock when the answer was there
     */
    public static ClockSkew between(Instant before, Instant database, Instant after) {
        if (database.isBefore(before)) {
            return new ClockSkew(Duration.between(before, database));
        }
        if (database.isAfter(after)) {
            return new ClockSkew(Duration.between(after, database));
        }
        return new ClockSkew(Duration.ZERO);
    }

    /** For people, where it is more than a second. */
    public Optional<String> warning() {
        return databaseAhead.abs().compareTo(WORTH_A_WARNING) > 0 ? Optional.of(text()) : Optional.empty();
    }

    /** CLOCKS_DISAGREE where it is more than five seconds. */
    public Optional<ManagerException> refusal() {
        if (databaseAhead.abs().compareTo(TOO_MUCH) <= 0) {
            return Optional.empty();
        }
        return Optional.of(new ManagerException(
                ErrorCode.CLOCKS_DISAGREE,
                text() + "; at most " + TOO_MUCH.toSeconds()
                        + " s are let pass, as what is overdue could be told wrongly",
                "set the clocks (NTP), or restore with accept_clock_skew to go by the database's clock as it is"));
    }

    private String text() {
        return String.format(
                Locale.ROOT,
                "the database's clock is %.1f s %s this manager's",
                databaseAhead.abs().toMillis() / 1000.0,
                databaseAhead.isNegative() ? "behind" : "ahead of");
    }
}
