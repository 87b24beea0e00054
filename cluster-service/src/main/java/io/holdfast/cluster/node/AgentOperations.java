package io.holdfast.cluster.node;

/** Hands an operator's wish on to this node's cluster agent, in the name of this manager. */
public interface AgentOperations {

    /**
     * What the agent answered, an error included.
     *
     * @param status HTTP status
     */
    record Answer(int status, String contentType, byte[] body) {}

    /**
     * @param path with its query, as the agent has it
     * @throws io.holdfast.contracts.errors.ManagerException if there is no agent, no key, or no answer
     */
    Answer carryOut(String method, String path, byte[] body);
}
