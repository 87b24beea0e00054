package io.holdfast.scheduler.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Executions that wait for their time. What is due is decided by the database's clock alone. */
public interface DueExecutions {

    /**
     * Takes up to {@code limit} due ones. Those that nothing can be in the way of become pending under a new token, with a start
     * command in the outbox, in this one statement; the others stay locked until the end of the transaction, for {@code Turns} to
     * decide. Takes none while the maintenance gate is not open. Two instances never take the same one.
     *
     * @param fairly each tenant gets its part of the limit, and the higher priority goes first; else those that are due longest
     * @param startLease how long a worker may take to answer
     */
    Claimed claim(int limit, boolean fairly, Duration startLease);

    /** When to look again. */
    Next next();

    /**
     * What a claim took.
     *
     * @param handedOut how many are pending now
     * @param undecided places of the rows of those that are locked, in the order in which they should go
     * @param limited whether some of the undecided have a concurrency key or belong to a tenant with limits
     * @param taken how many were looked at: less than the limit means that no more are due
     * @param lateness of the one that was due longest; empty if none was taken
     */
    record Claimed(int handedOut, List<String> undecided, boolean limited, int taken, Optional<Duration> lateness) {

        public Claimed {
            undecided = List.copyOf(undecided);
        }
    }

    /**
     * When the next one is due.
     *
     * @param in zero or less: now. Empty if none waits, or the gate is not open
     * @param throttled whether a tenant has used up its starts, so that its due ones wait
     */
    record Next(Optional<Duration> in, boolean throttled) {}
}
