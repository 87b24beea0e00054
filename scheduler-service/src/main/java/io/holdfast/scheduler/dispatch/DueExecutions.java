package io.holdfast.scheduler.dispatch;

import java.time.Duration;
import java.util.Optional;

/** Executions that wait for their time. What is due is decided by the database's clock alone. */
public interface DueExecutions {

    /**
     * Takes up to {@code limit} due ones: makes them pending under a new token and puts a start command for each into the outbox, in
     * one statement. Takes none while the maintenance gate is not open. Two instances never take the same one.
     *
     * @return how many
     */
    int claim(int limit);

    /** Time until the next one is due; zero or less: now. Empty if none waits, or the gate is not open. */
    Optional<Duration> untilNext();
}
