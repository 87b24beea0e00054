package io.holdfast.scheduler.executions.app;

import io.holdfast.scheduler.executions.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Hands out queued executions whose way is free, whatever had been in it. */
@ApplicationScoped
public class ReleaseQueued {

    private static final int STEP = 500;
    private static final int STEPS = 20;

    private final Turns turns;
    private final LeaseConfig leases;

    ReleaseQueued(Turns turns, LeaseConfig leases) {
        this.turns = turns;
        this.leases = leases;
    }

    /** Up to some thousands; the sweep comes again. Answers how many. */
    @Transactional
    public int release() {
        int all = 0;
        for (int step = 0; step < STEPS; step++) {
            int released = turns.releaseAny(STEP, leases.start());
            all += released;
            if (released == 0) {
                break;
            }
        }
        return all;
    }
}
