package io.holdfast.restore.swap;

import io.holdfast.restore.rule.Decision;
import java.time.Duration;
import java.util.function.Consumer;

/** Makes the staged state live, or the former one again: each in one transaction, or not at all. */
public interface StateSwap {

    /**
     * Applies the restore rule and swaps. The record of the restore is {@code completed} in the same transaction.
     *
     * @throws io.holdfast.contracts.errors.ManagerException CLOCK_BEHIND_SNAPSHOT; SERVICE_UNAVAILABLE if the live tables could not be had
     *     in {@link SwapOrder#patience}
     * @throws IllegalStateException if the claim was lost to another instance
     */
    SwapResult swap(SwapOrder order);

    /**
     * Applies the restore rule to the staged state, tells what it decided, and takes it back.
     *
     * @param reader told each decision
     */
    SwapResult rehearse(SwapOrder order, Consumer<Decision> reader);

    /** Whether there is a former state to go back to. */
    boolean hasFormerState();

    /**
     * Makes the former state live again; the restored one is dropped.
     *
     * @param patience how long to wait for the live tables
     * @return the new epoch
     */
    long undo(String restoreId, String undoneBy, Duration patience);

    /** Drops the former state. Idempotent. */
    void discardFormerState();
}
