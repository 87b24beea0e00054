package io.holdfast.cluster.election;

import org.jspecify.annotations.Nullable;

/**
 * What the shell has to do. Actions are carried out in their order: what follows a {@link Persist} waits for the disk. Those for
 * PostgreSQL are queued, in order, and their end is told by an event; while they run, messages and ticks go on.
 */
public sealed interface Action {

    /** Write the state, flush file and directory. A failure ends the process: nothing after it may happen. */
    record Persist(DurableState durable) implements Action {}

    /** At most once, best effort. */
    record Send(NodeId to, Message message) implements Action {}

    /** Something for the node's own PostgreSQL. */
    sealed interface Postgres extends Action {}

    /** Stop PostgreSQL if it runs, start it as a standby without upstream. Ends with {@link Event.StandbyStarted}. */
    record StartStandby() implements Postgres {}

    /** Receive no more log, replay what is there, measure. Ends with {@link Event.ReceiverStopped}. */
    record StopReceiver(long epoch) implements Postgres {}

    /**
     * Set {@code sync}, then promote so that the new timeline is {@code epoch}. Ends with {@link Event.Promoted} or
     * {@link Event.PromotionFailed}.
     */
    record Promote(long epoch, SyncSetting sync) implements Postgres {}

    /** Make the slot and commit the row of the epoch, which needs a quorum. Ends with {@link Event.EpochCommitted}. */
    record CommitEpoch(long epoch) implements Postgres {}

    /** Receive the log from {@code upstream}, which is active in {@code epoch}; this node's log is a part of its history. */
    record Follow(NodeId upstream, long epoch) implements Postgres {}

    /**
     * Save what this node has and the active one has not, rewind (or copy), start as its standby. Ends with {@link Event.Rejoined} or
     * {@link Event.RejoinFailed}.
     *
     * @param copy do not try to rewind
     */
    record Rejoin(NodeId upstream, long epoch, boolean copy) implements Postgres {}

    /** Let commits wait by this setting. Ends with {@link Event.SyncApplied}. For a standby it is for the case that it is promoted. */
    record SetSync(SyncSetting setting) implements Postgres {}

    /** Let no client write any more, cut those that do. Ends with {@link Event.Drained}. */
    record Drain(long epoch) implements Postgres {}

    /** Let clients write again: a switchover was given up. */
    record Undrain(long epoch) implements Postgres {}

    /**
     * Serve nobody any more, cut off all clients, then restart as a standby without upstream. The first part is done at once, before any
     * queued action. Ends with {@link Event.StandbyStarted}.
     *
     * @param unneeded whether the others can elect without this node: then its server need not be back before they have, and should not
     *     take from them what they need for it
     */
    record StepDown(long epoch, boolean unneeded) implements Postgres {}

    /** Tell the outside. */
    record Publish(Notice notice) implements Action {}

    /** The answer to a {@link Event.Request}. @param refusal null if it is done, or under way */
    record Answer(String id, @Nullable Refusal refusal) implements Action {}
}
