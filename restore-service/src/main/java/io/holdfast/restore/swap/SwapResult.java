package io.holdfast.restore.swap;

import io.holdfast.restore.rule.Fate;
import io.holdfast.restore.rule.RuleOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * What the swap did.
 *
 * @param t0 the instant that the restore rule compared with
 * @param overdueGrace by how much what was overdue had to be so
 * @param outcome what the rule decided
 */
public record SwapResult(Instant t0, Duration overdueGrace, long epoch, RuleOutcome outcome) {

    public SwapResult {
        Objects.requireNonNull(t0);
        Objects.requireNonNull(overdueGrace);
        Objects.requireNonNull(outcome);
    }

    public long count(Fate fate) {
        return outcome.fates().getOrDefault(fate, 0L);
    }
}
