package io.holdfast.cluster.postgres;

import io.holdfast.cluster.election.Position;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a node came back.
 *
 * @param way what had to be done
 * @param divergence the last point that both histories share, if this node was past it
 * @param salvageId of the changes parked on the active; empty if there were none
 * @param salvagedChanges how many
 * @param position where the node is now: it streams and its timeline is the active's
 * @param notes what the salvage could not contain, in plain sentences
 */
public record RejoinReport(
        Way way,
        Optional<Position> divergence,
        OptionalLong salvageId,
        long salvagedChanges,
        Position position,
        List<String> notes) {

    public enum Way {
        /** What it had is a beginning of the active's history: it just streams. */
        FOLLOWED,
        /** pg_rewind took back what it had alone. */
        REWOUND,
        /** Copied anew from the active; the former data directory is kept aside. */
        CLONED
    }

    public RejoinReport {
        Objects.requireNonNull(way, "way");
        notes = List.copyOf(notes);
    }

    /** For people, to come after the node's name. */
    public String inWords() {
        StringBuilder words = new StringBuilder(
                switch (way) {
                    case FOLLOWED -> "followed as it was";
                    case REWOUND -> "was rewound";
                    case CLONED -> "was copied anew";
                });
        divergence.ifPresent(last -> words.append(", having left the active node's history after ")
                .append(last.lsn())
                .append(" of timeline ")
                .append(last.timeline()));
        words.append("; it streams from ")
                .append(position.lsn())
                .append(" of timeline ")
                .append(position.timeline())
                .append(" on");
        salvageId.ifPresent(id -> words.append("; ")
                .append(
                        salvagedChanges == 1
                                ? "a change that it had alone is"
                                : salvagedChanges + " changes that it had alone are")
                .append(" in salvage ")
                .append(id));
        notes.forEach(note -> words.append("; ").append(note));
        return words.toString();
    }
}
