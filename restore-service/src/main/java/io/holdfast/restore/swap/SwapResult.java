package io.holdfast.restore.swap;

import io.holdfast.restore.rule.Fate;
import java.time.Instant;
import java.util.Map;

/**
 * What the swap did.
 *
 * @param t0 the instant that the restore rule compared with
 * @param fates how many executions met each fate
 */
public record SwapResult(Instant t0, long epoch, Map<Fate, Long> fates) {

    public SwapResult {
        fates = Map.copyOf(fates);
    }

    public long count(Fate fate) {
        return fates.getOrDefault(fate, 0L);
    }
}
