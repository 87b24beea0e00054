package io.holdfast.scheduler.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events and logs of executions, as users read them. Joins the transaction at hand. */
public interface Journal {

    /**
     * Writes them as the execution's, in this order. False, and nothing is written, if the tenant has no such execution.
     *
     * @param username who writes, to whom private executions of others are as if they were not there; null: who sees all
     */
    boolean addToExecution(String tenantName, String executionId, List<Line> lines, @Nullable String username);

    /** As {@link #addToExecution}, for a group of executions. */
    boolean addToGroup(String tenantName, String groupId, List<Line> lines, @Nullable String username);
}
