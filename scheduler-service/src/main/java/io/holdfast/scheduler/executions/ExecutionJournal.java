package io.holdfast.scheduler.executions;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of executions as users read them ({@code GET /events}). Joins the transaction at hand. */
public interface ExecutionJournal {

    /**
     * Adds an event.
     *
     * @param eventType for example {@code workflow_failed}
     * @param message as users read it
     * @param errorCause what went wrong, or null
     */
    void add(Execution execution, String eventType, String message, Instant at, @Nullable String errorCause);

    /** Adds lines that a worker wrote, in their order. */
    void addAll(Execution execution, List<Entry> entries);

    /**
     * One line.
     *
     * @param kind {@code cloudify_event} or {@code cloudify_log}
     */
    record Entry(
            String kind,
            Instant at,
            @Nullable String eventType,
            @Nullable String logger,
            @Nullable String level,
            String message,
            @Nullable String nodeInstanceId,
            @Nullable String nodeName,
            @Nullable String operation) {}
}
