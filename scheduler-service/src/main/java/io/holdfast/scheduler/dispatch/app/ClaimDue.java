package io.holdfast.scheduler.dispatch.app;

import io.holdfast.scheduler.dispatch.DueExecutions;
import io.holdfast.scheduler.dispatch.DueExecutions.Claimed;
import io.holdfast.scheduler.executions.Turns;
import io.holdfast.scheduler.executions.app.LeaseConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Claims a batch of due executions: hands out those whose turn it is, queues the others. From several threads at once, batches are taken
 * one after the other: so that of one deployment's executions the one that is due longer goes first, although they are in two batches.
 */
@ApplicationScoped
public class ClaimDue {

    private final DueExecutions due;
    private final Turns turns;
    private final LeaseConfig leases;

    /** Held while a batch is taken. Whoever takes the next one sees the locks of this one. */
    private final Lock taking = new ReentrantLock(true);

    ClaimDue(DueExecutions due, Turns turns, LeaseConfig leases) {
        this.due = due;
        this.turns = turns;
        this.leases = leases;
    }

    /** What became of the batch; see {@link DueExecutions#claim}. Nothing is undecided any more. */
    @Transactional
    public Batch claim(int limit, boolean fairly) {
        Claimed claimed = take(limit, fairly);
        int decided = turns.decide(claimed.undecided(), claimed.limited(), leases.start());
        return new Batch(
                claimed.handedOut() + decided,
                claimed.handedOut() + claimed.undecided().size(),
                claimed.taken(),
                claimed.lateness());
    }

    private Claimed take(int limit, boolean fairly) {
        taking.lock();
        try {
            return due.claim(limit, fairly, leases.start());
        } finally {
            taking.unlock();
        }
    }

    /**
     * One claim.
     *
     * @param handedOut became pending
     * @param settled became pending or queued, or have to wait for their tenant's next start
     * @param taken were looked at
     * @param lateness of the one that was due longest; empty if none was taken
     */
    public record Batch(int handedOut, int settled, int taken, Optional<Duration> lateness) {}
}
