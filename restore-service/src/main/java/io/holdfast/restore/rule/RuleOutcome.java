package io.holdfast.restore.rule;

import java.util.Map;

/**
 * What the restore rule decided in one restore.
 *
 * @param fates how many executions met each fate
 * @param missedSchedules how many schedules had an occurrence that passed; the scheduler makes of it what their policies say
 */
public record RuleOutcome(Map<Fate, Long> fates, long missedSchedules) {

    public RuleOutcome {
        fates = Map.copyOf(fates);
    }
}
