package io.holdfast.scheduler.operations.app;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of tasks graphs and operations, for writing. Every method joins the transaction at hand. */
public interface OperationRecords {

    record Graph(String tenantName, String id, String name, String executionId, String createdBy, Instant createdAt) {}

    /** @param dependencies JSON array; {@code parameters} is a JSON object, both as text */
    record Operation(
            String tenantName,
            String id,
            String graphId,
            String name,
            String type,
            String state,
            String dependencies,
            String parameters,
            String createdBy,
            Instant createdAt) {}

    /** What a change needs to know; locked until the end of the transaction. */
    record Stored(String id, String executionId, String name, String type, String state, String parameters) {}

    /** False if the tenant has one of this id already. */
    boolean add(Graph graph);

    /** Id of its execution; empty if the tenant has no such graph. */
    Optional<String> executionOf(String tenantName, String graphId);

    /** False if the tenant has one of these ids already; then none is added. */
    boolean add(List<Operation> operations);

    Optional<Stored> lock(String tenantName, String id);

    void state(String tenantName, String id, String state, @Nullable String managerName, @Nullable String agentName);

    void remove(String tenantName, String id);

    /**
     * Gives new inputs to operations of a node that a resumed execution would run: of executions that have not ended well, where they
     * are not done.
     *
     * @param operation interface and name, such as {@code cloudify.interfaces.lifecycle.create}
     * @param inputs JSON object; what it does not name stays
     */
    void inputs(String tenantName, String deploymentId, String nodeId, String operation, String inputs);

    /** Adds to what the execution counts of its operations. */
    void count(String tenantName, String executionId, int total, int finished);
}
