package io.holdfast.scheduler.executions.app;

import io.holdfast.scheduler.executions.Leases;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;

/**
 * Sends start commands again: the same messages under the same ids, so that a worker that had one drops it. It is either still in a
 * queue, or the broker has lost it.
 */
@ApplicationScoped
public class SendStartAgain {

    private static final int STEP = 500;

    private final Leases leases;
    private final LeaseConfig config;

    SendStartAgain(Leases leases, LeaseConfig config) {
        this.leases = leases;
        this.config = config;
    }

    /** Of some pending ones whose worker did not answer in time, and which others have overtaken; answers how many. */
    @Transactional
    public int overtaken() {
        return leases.sendOvertakenAgain(STEP, config.start(), config.longestStart());
    }

    /**
     * Of the one that was handed out last of those whose worker did not answer in time, to see whether the queue has lost them or is only
     * long; answers whether there was one.
     */
    @Transactional
    public boolean newest() {
        return leases.sendNewestAgain(config.start(), config.longestStart()) > 0;
    }

    /** Of all pending ones. To be called again and again with what it answers, until that is nothing. */
    @Transactional
    public List<Long> all(long afterStorageId) {
        return leases.sendAllAgain(afterStorageId, STEP);
    }
}
