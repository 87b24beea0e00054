package io.holdfast.scheduler.executions;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The events that the manager itself tells of executions, as users read them ({@code GET /events}). Joins the transaction at hand. */
public interface ExecutionJournal {

    /**
     * Adds an event.
     *
     * @param eventType for example {@code workflow_failed}
     * @param message as users read it
     * @param errorCause what went wrong, or null
     */
    void add(Execution execution, String eventType, String message, Instant at, @Nullable String errorCause);
}
