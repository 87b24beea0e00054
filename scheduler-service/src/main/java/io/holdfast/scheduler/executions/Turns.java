package io.holdfast.scheduler.executions;

import java.time.Duration;
import java.util.List;

/**
 * Whose turn it is: an execution goes when its deployment is free (or it runs beside others), its concurrency key and its tenant have
 * room, and no system workflow has to be alone. Every method joins the transaction at hand, and does nothing while the maintenance
 * gate is not open.
 */
public interface Turns {

    /**
     * Hands out those of the given ones whose turn it is, in the given order: pending, under a new token, with a start command. Others
     * that were scheduled are queued; what only waits for its tenant's next start stays as it is.
     *
     * @param rowIds places of rows that the caller has locked, and for whose deployment, key and limited tenant it holds the locks
     * @param limited whether some of them may have a concurrency key or belong to a tenant with limits; false leaves out looking
     * @param startLease how long a worker may take to answer
     * @return how many were handed out
     */
    int decide(List<String> rowIds, boolean limited, Duration startLease);

    /**
     * As {@link #decide} for queued ones that may have waited for {@code ended} to end. Waits for others that decide on the same
     * deployment, key or tenant.
     */
    int releaseAfter(Execution ended, Duration startLease);

    /** As {@link #decide} for up to {@code limit} queued ones of all tenants that seem to have their way free. */
    int releaseAny(int limit, Duration startLease);

    /** What waits. One statement. */
    Backlog backlog();

    /**
     * What waits.
     *
     * @param queued executions that are queued
     * @param overdue since when the one that is scheduled and due longest has been due; zero where none is
     */
    record Backlog(long queued, Duration overdue) {}

    /** As {@link #decide} for up to {@code limit} queued ones with this concurrency key that seem to have their way free. */
    int releaseKey(String tenantName, String concurrencyKey, int limit, Duration startLease);

    /** As {@link #decide} for this one, if it is queued. */
    int release(String tenantName, String id, Duration startLease);
}
