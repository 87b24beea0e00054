package io.holdfast.restore.rule;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the restore rule goes by in one restore.
 *
 * @param createExecutionId the execution that made the archive, null if not known
 * @param t0 the one instant of this restore: the database's, never a process's clock
 * @param overdueGrace not negative; what was scheduled for {@code t0} less this, or before, is overdue
 * @param epoch greater than that of every staged execution
 */
public record RuleTerms(
        String restoreId, @Nullable String createExecutionId, Instant t0, Duration overdueGrace, long epoch) {

    public RuleTerms {
        Objects.requireNonNull(restoreId);
        Objects.requireNonNull(t0);
        if (overdueGrace.isNegative()) {
            throw new IllegalArgumentException("overdueGrace must not be negative: " + overdueGrace);
        }
    }

    /** What is scheduled for this instant is overdue; what is scheduled for later is not. */
    public Instant overdueUpTo() {
        return t0.minus(overdueGrace);
    }
}
