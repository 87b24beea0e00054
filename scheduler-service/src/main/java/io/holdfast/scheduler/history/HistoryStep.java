package io.holdfast.scheduler.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change of an execution's status.
 *
 * @param from wire name of the status that it left
 * @param to wire name of the status that it came to
 * @param at by the database's clock
 * @param changedBy a user, or {@code holdfast:scheduler}, {@code holdfast:worker}, {@code holdfast:restore}
 * @param reasonCode why, for machines, as in the events of executions; null where there is no more to say
 * @param attempt how often it had been handed to a worker by then; a restore begins anew
 * @param epoch the restore that it had come through last by then
 */
public record HistoryStep(
        String from,
        String to,
        Instant at,
        String changedBy,
        @Nullable String reasonCode,
        int attempt,
        long epoch) {}
