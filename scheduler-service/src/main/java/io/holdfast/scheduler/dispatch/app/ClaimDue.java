package io.holdfast.scheduler.dispatch.app;

import io.holdfast.scheduler.dispatch.DueExecutions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Claims a batch of due executions. */
@ApplicationScoped
public class ClaimDue {

    private final DueExecutions due;

    ClaimDue(DueExecutions due) {
        this.due = due;
    }

    /** How many were claimed; less than {@code limit} means that no more are due. */
    @Transactional
    public int claim(int limit) {
        return due.claim(limit);
    }
}
