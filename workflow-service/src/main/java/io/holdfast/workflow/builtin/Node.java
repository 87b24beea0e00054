package io.holdfast.workflow.builtin;

import java.util.List;
import java.util.Map;

/**
 * A node of a deployment.
 *
 * @param types its type and those that it derives from
 * @param operations by full name
 * @param agentMethod how the agent of a host is installed; {@value #NO_AGENT} for none
 * @param instances how many there are
 */
public record Node(
        String id, List<String> types, Map<String, Operation> operations, String agentMethod, int instances) {

    /** The install method of a host that gets no agent. */
    public static final String NO_AGENT = "none";

    private static final String HOST = "cloudify.nodes.Compute";

    public Node {
        types = List.copyOf(types);
        operations = Map.copyOf(operations);
    }

    Operation operation(String name) {
        return operations.getOrDefault(name, Operation.NOTHING);
    }

    boolean isHost() {
        return types.contains(HOST);
    }

    boolean hasAgent() {
        return isHost() && !agentMethod.equals(NO_AGENT);
    }
}
