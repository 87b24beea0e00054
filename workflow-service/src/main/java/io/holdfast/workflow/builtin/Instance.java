package io.holdfast.workflow.builtin;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node instance as it was read.
 *
 * @param hostId the instance that it runs on; null: on none
 * @param groups ids of the scaling groups' instances that it is of
 * @param relations in the order of the blueprint
 * @param systemProperties what the manager remembers of it
 */
public record Instance(
        String id,
        Node node,
        String state,
        @Nullable String hostId,
        List<String> groups,
        List<Relation> relations,
        Map<String, Object> systemProperties) {

    /**
     * A relationship to another instance.
     *
     * @param contained whether this one is inside the target
     * @param type such as {@code cloudify.relationships.connected_to}; empty where it does not matter
     */
    public record Relation(
            String target,
            boolean contained,
            Map<String, Operation> source,
            Map<String, Operation> destination,
            String type) {

        public Relation(
                String target, boolean contained, Map<String, Operation> source, Map<String, Operation> destination) {
            this(target, contained, source, destination, "");
        }

        public Relation {
            source = Map.copyOf(source);
            destination = Map.copyOf(destination);
        }
    }

    public Instance {
        groups = List.copyOf(groups);
        relations = List.copyOf(relations);
        systemProperties = Map.copyOf(systemProperties);
    }

    /** The same one, with only some of its relationships. */
    Instance with(List<Relation> others) {
        return new Instance(id, node, state, hostId, groups, others, systemProperties);
    }
}
