package io.holdfast.workflow.builtin;

import io.holdfast.workflow.builtin.Instance.Relation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Small deployments: one instance a node, called {@code <node>_1}, unless told otherwise. */
final class Blueprints {

    static final String LIFECYCLE = "cloudify.interfaces.lifecycle.";
    static final String RELATIONSHIP = "cloudify.interfaces.relationship_lifecycle.";

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<Instance> instances = new ArrayList<>();
    private final Map<String, Topology.ScalingGroup> groups = new LinkedHashMap<>();

    Blueprints node(String id, String state) {
        return node(id, state, Map.of(), List.of());
    }

    Blueprints node(String id, String state, Map<String, Operation> operations, List<Relation> relations) {
        return add(new Node(id, List.of("cloudify.nodes.Root"), operations, Node.NO_AGENT, 1), state, null, relations);
    }

    Blueprints host(String id, String state, String agentMethod, Map<String, Operation> operations) {
        Node node = new Node(id, List.of("cloudify.nodes.Compute", "cloudify.nodes.Root"), operations, agentMethod, 1);
        return add(node, state, id + "_1", List.of());
    }

    Blueprints on(String host, String id, String state) {
        Node node = new Node(id, List.of("cloudify.nodes.Root"), Map.of(), Node.NO_AGENT, 1);
        return add(node, state, host + "_1", List.of(inside(host)));
    }

    Blueprints add(Node node, String state, @Nullable String host, List<Relation> relations) {
        return add(node, node.id() + "_1", state, host, List.of(), relations, Map.of());
    }

    Blueprints add(
            Node node,
            String id,
            String state,
            @Nullable String host,
            List<String> scalingGroups,
            List<Relation> relations,
            Map<String, Object> systemProperties) {
        nodes.put(node.id(), node);
        instances.add(new Instance(id, node, state, host, scalingGroups, relations, systemProperties));
        return this;
    }

    Blueprints group(String name, int size, List<String> members) {
        groups.put(name, new Topology.ScalingGroup(size, members));
        return this;
    }

    Topology topology() {
        return new Topology(nodes.values(), instances, groups);
    }

    static Map<String, Operation> operation(String name) {
        return Map.of(name, new Operation("mine", "tasks." + name.substring(name.lastIndexOf('.') + 1)));
    }

    static Relation to(String node) {
        return new Relation(node + "_1", false, Map.of(), Map.of());
    }

    static Relation inside(String node) {
        return new Relation(node + "_1", true, Map.of(), Map.of());
    }

    /** One line a step. */
    static List<String> told(List<Step> steps) {
        return steps.stream().map(Blueprints::told).toList();
    }

    private static String told(Step step) {
        if (step instanceof Step.Say say) {
            return say.about().id() + ": " + say.message();
        } else if (step instanceof Step.SetState set) {
            return set.of().id() + " = " + set.state();
        } else if (step instanceof Step.Log log) {
            return log.level() + ": " + log.message();
        } else if (step instanceof Step.Part part) {
            return part.name() + (part.ended() ? " ended" : " begins");
        } else if (step instanceof Step.Run run) {
            return run.on().id() + " runs " + run.name() + (run.failureIgnored() ? " or not" : "");
        }
        throw new AssertionError(step);
    }
}
