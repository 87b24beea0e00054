package io.holdfast.scheduler.dispatch.app;

import io.holdfast.scheduler.dispatch.DueExecutions;
import io.holdfast.scheduler.dispatch.DueExecutions.Claimed;
import io.holdfast.scheduler.executions.Turns;
import io.holdfast.scheduler.executions.app.LeaseConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.Optional;

/** Claims a batch of due executions: hands out those whose turn it is, queues the others. */
@ApplicationScoped
public class ClaimDue {

    private final DueExecutions due;
    private final Turns turns;
    private final LeaseConfig leases;

    ClaimDue(DueExecutions due, Turns turns, LeaseConfig leases) {
        this.due = due;
        this.turns = turns;
        this.leases = leases;
    }

    /** What became of the batch; see {@link DueExecutions#claim}. Nothing is undecided any more. */
    @Transactional
    public Batch claim(int limit, boolean fairly) {
        Claimed claimed = due.claim(limit, fairly, leases.start());
        int decided = turns.decide(claimed.undecided(), claimed.limited(), leases.start());
        return new Batch(
                claimed.handedOut() + decided,
                claimed.handedOut() + claimed.undecided().size(),
                claimed.taken(),
                claimed.lateness());
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
