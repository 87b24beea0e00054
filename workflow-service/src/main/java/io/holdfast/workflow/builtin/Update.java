package io.holdfast.workflow.builtin;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An update of a deployment as it was prepared: what is new is there, and what is to go is still there.
 *
 * @param state as the update says, such as {@code executing_workflow}
 * @param added ids of instances that came, {@code removed} of those that are to go
 * @param extended relationships that instances got which stay, by id; {@code reduced} those that are to go
 * @param changedNodes names of the nodes that stay and have other properties or operations
 * @param blueprintId what the deployment is updated to; null: not told
 * @param steps how many things change
 * @param told the same, as a workflow is told that runs in place of the update's own steps
 */
public record Update(
        String state,
        Set<String> added,
        Set<String> removed,
        Map<String, List<Link>> extended,
        Map<String, List<Link>> reduced,
        Set<String> changedNodes,
        @Nullable String blueprintId,
        int steps,
        Map<String, Object> told) {

    private static final Set<String> OVER = Set.of("successful", "preview", "no_change");

    /** A relationship of some type to an instance. */
    public record Link(String type, String target) {}

    public Update {
        added = Set.copyOf(added);
        removed = Set.copyOf(removed);
        extended = Map.copyOf(extended);
        reduced = Map.copyOf(reduced);
        changedNodes = Set.copyOf(changedNodes);
        told = Map.copyOf(told);
    }

    /** Whether there is nothing left to do. */
    public boolean isOver() {
        return OVER.contains(state);
    }

    /** Whether a relationship comes or goes with the update, or leads to what does. */
    boolean changes(Instance source, Instance.Relation relation) {
        return added.contains(relation.target())
                || removed.contains(relation.target())
                || lengthens(source, relation)
                || reduces(source, relation);
    }

    boolean lengthens(Instance source, Instance.Relation relation) {
        return has(extended, source, relation);
    }

    boolean reduces(Instance source, Instance.Relation relation) {
        return has(reduced, source, relation);
    }

    private static boolean has(Map<String, List<Link>> links, Instance source, Instance.Relation relation) {
        return links.getOrDefault(source.id(), List.of()).contains(new Link(relation.type(), relation.target()));
    }
}
