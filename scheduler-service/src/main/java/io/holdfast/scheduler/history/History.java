package io.holdfast.scheduler.history;

import java.time.Duration;
import java.util.List;

/** The steps of executions. Every method joins the transaction at hand. */
public interface History {

    /** The steps of one execution, the first first; the one by which it is with a worker now is among them. */
    List<HistoryStep> of(String tenantName, String executionId, int size, int offset);

    /** How many {@link #of} answers in all. */
    long count(String tenantName, String executionId);

    /**
     * Deletes the steps of executions of which none is younger than {@code retention}: so a history is whole or not there.
     *
     * @param executions of at most so many
     * @return how many steps
     */
    int forget(Duration retention, int executions);
}
