package io.holdfast.cluster.postgres;

import java.util.List;

/**
 * What an apply did, in one transaction.
 *
 * @param applied changes merged now
 * @param present changes that the active turned out to have already
 * @param left changes still open
 * @param conflicts the first of those left, with reasons; at most {@value #MOST_CONFLICTS}
 * @param sequences those moved on so that they give none of the merged keys again, by {@code schema.name}
 */
public record SalvageMerge(
        long applied, long present, long left, List<SalvageEntry> conflicts, List<String> sequences) {

    public static final int MOST_CONFLICTS = 100;

    /** How much to merge. */
    public enum Scope {
        /** Rows that were inserted, in the last form that the node gave them, where the active has no row of that key. */
        INSERTS,
        /** Also updates and deletes of rows that the active has not touched since the histories parted. */
        UNTOUCHED
    }

    public SalvageMerge {
        conflicts = List.copyOf(conflicts);
        sequences = List.copyOf(sequences);
    }
}
