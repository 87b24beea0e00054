package io.holdfast.scheduler.catchup;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A schedule that a restore found with occurrences that had passed.
 *
 * @param rule as stored
 * @param until its end, inclusive; null: none
 * @param limit at most so many are made up for where the policy is {@link CatchUpPolicy#ALL}
 * @param next the first occurrence that nothing was decided on; null: not known
 * @param missedUntil T0 of the restore
 */
public record MissedSchedule(
        String tenantName,
        String deploymentId,
        String id,
        String workflowId,
        Map<String, ? extends @Nullable Object> rule,
        Zone zone,
        Instant since,
        @Nullable Instant until,
        CatchUpPolicy policy,
        int limit,
        @Nullable Instant next,
        Instant missedUntil,
        Maker maker) {

    public MissedSchedule {
        rule = Collections.unmodifiableMap(new LinkedHashMap<>(rule));
        Objects.requireNonNull(missedUntil);
    }

    /** The wall clock that the rule follows, and what it does when that is changed; as stored. */
    public record Zone(String name, String gap, String overlap) {}

    /**
     * What a failed execution of it shows.
     *
     * @param deploymentDisplayName of the deployment's latest execution, null if it had none
     * @param blueprintId likewise
     */
    public record Maker(
            @Nullable Map<String, @Nullable Object> parameters,
            String visibility,
            @Nullable String createdBy,
            @Nullable String deploymentDisplayName,
            @Nullable String blueprintId,
            int priority,
            @Nullable String concurrencyKey) {}
}
