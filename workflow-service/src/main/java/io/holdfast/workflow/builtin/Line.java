package io.holdfast.workflow.builtin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of an execution's journal.
 *
 * @param eventType of an event, such as {@code workflow_node_event}; null: it is a line of the log
 * @param level of a line of the log; null for events
 */
public record Line(
        Instant at,
        @Nullable String eventType,
        @Nullable String level,
        String message,
        @Nullable String nodeInstanceId,
        @Nullable String nodeName,
        @Nullable String operation) {}
