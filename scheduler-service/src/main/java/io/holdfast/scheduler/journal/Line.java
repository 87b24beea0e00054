package io.holdfast.scheduler.journal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event or log line of the journal.
 *
 * @param kind {@code cloudify_event} or {@code cloudify_log}
 * @param at when it happened, as its sender says
 * @param keptSince when a manager wrote it down, where it is carried over from another one; null: now
 * @param eventType of events
 * @param logger of logs
 * @param level of logs
 * @param errorCauses a JSON array, null for none
 */
public record Line(
        String kind,
        Instant at,
        @Nullable Instant keptSince,
        @Nullable String eventType,
        @Nullable String logger,
        @Nullable String level,
        String message,
        @Nullable String nodeInstanceId,
        @Nullable String nodeName,
        @Nullable String operation,
        @Nullable String sourceId,
        @Nullable String targetId,
        @Nullable String errorCauses,
        @Nullable String managerName,
        @Nullable String agentName) {

    public static final String EVENT = "cloudify_event";

    public static final String LOG = "cloudify_log";
}
