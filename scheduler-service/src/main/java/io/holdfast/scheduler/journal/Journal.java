package io.holdfast.scheduler.journal;

import java.util.List;

/** The events and logs of executions, as users read them. Joins the transaction at hand. */
public interface Journal {

    /** Writes them as the execution's, in this order. False, and nothing is written, if the tenant has no such execution. */
    boolean addToExecution(String tenantName, String executionId, List<Line> lines);

    /** As {@link #addToExecution}, for a group of executions. */
    boolean addToGroup(String tenantName, String groupId, List<Line> lines);
}
