package io.holdfast.cluster.postgres;

import java.util.Objects;

/**
 * A salvaged change, and what it would meet on the active now.
 *
 * @param ordinal its place in the salvage, from 1, in the order of commits
 * @param reason why it conflicts, or what was done; empty where there is nothing to say
 */
public record SalvageEntry(long ordinal, SalvagedChange change, State state, String reason) {

    public enum State {
        /** Could be applied as it is. */
        FREE,
        /** The active has something else in its place, or only the operator can decide. */
        CONFLICT,
        /** The active has it already. */
        PRESENT,
        APPLIED,
        DISCARDED
    }

    public SalvageEntry {
        Objects.requireNonNull(change, "change");
        Objects.requireNonNull(state, "state");
    }
}
