package io.holdfast.scheduler.executions;

import io.holdfast.scheduler.executions.Executions.Ref;
import java.time.Duration;
import java.util.List;

/** How long those who were asked to do something with an execution may be silent. Every method joins the transaction at hand. */
public interface Leases {

    /**
     * Executions that a worker has, or had to stop, and whose lease has run out, not locked, longest silent first. While the maintenance
     * gate is not open, only those that are being cancelled.
     */
    List<Lapse> lapsed(int limit);

    /** Whether the lease of this one has run out; ask it of one that is locked. */
    boolean isLapsed(Ref execution);

    /**
     * Sends the start commands of up to {@code limit} pending ones again whose worker did not answer in time and that were overtaken: a
     * worker has begun one that was handed out later. Each is the same message, under the same id. The next answer may take as long as
     * they have waited by now, but at least {@code first} and at most {@code longest}.
     *
     * @return how many
     */
    int sendOvertakenAgain(int limit, Duration first, Duration longest);

    /**
     * The same with the one that was handed out last of all whose worker did not answer in time: when it is answered, the others are
     * overtaken.
     *
     * @return 1, or 0 where all are answered in time
     */
    int sendNewestAgain(Duration first, Duration longest);

    /**
     * Sends the start commands of pending ones again, answered or not: for a broker that lost them. In steps, by storage id,
     * from 0 on.
     *
     * @return the highest storage id of this step; empty when there is none left
     */
    List<Long> sendAllAgain(long afterStorageId, int limit);

    /** Prolongs the lease of one that is held under this token and epoch; false if it is not. */
    boolean prolong(Ref execution, String token, long epoch, Duration lease);

    /** An execution in the status in which its lease ran out. */
    record Lapse(Ref execution, ExecutionStatus status) {}
}
