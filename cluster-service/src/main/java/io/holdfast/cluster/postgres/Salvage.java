package io.holdfast.cluster.postgres;

import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.Position;
import java.util.List;
import java.util.Objects;

/**
 * What one node had alone when it came back, in numbers.
 *
 * @param id counts up from 1
 * @param divergence the last point that its history shares with the active's of then
 * @param epoch of the active that it came back to
 * @param parkedAt PostgreSQL's text of a time with its zone
 * @param changes all of them
 * @param open neither applied nor discarded, nor found to be there
 * @param notes what the changes cannot say: tables without a primary key, definitions, deletes that are unknown
 */
public record Salvage(
        long id,
        NodeId node,
        Position divergence,
        long epoch,
        State state,
        String parkedAt,
        long changes,
        long open,
        List<String> notes) {

    public enum State {
        /** Something is left for the operator. */
        OPEN,
        /** Every change is applied, or is there anyhow. */
        SETTLED,
        /** The operator gave the rest up; it stays readable. */
        DISCARDED
    }

    public Salvage {
        Objects.requireNonNull(state, "state");
        notes = List.copyOf(notes);
    }
}
