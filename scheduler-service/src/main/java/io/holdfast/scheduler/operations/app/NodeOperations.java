package io.holdfast.scheduler.operations.app;

import io.holdfast.http.CallerIdentity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the nodes of deployments say of their operations; another service owns them. */
public interface NodeOperations {

    /**
     * An operation as a deployment declares it now.
     *
     * @param nodeId the node that it runs for
     * @param inputs JSON object
     */
    record Declared(String nodeId, String inputs) {}

    /** Of a relationship of the node. @param side {@code source_operations} or {@code target_operations} */
    record Relationship(int index, String side) {}

    /**
     * Empty where the node has no such operation, or one without inputs.
     *
     * @param relationship null: an operation of the node itself
     * @throws io.holdfast.contracts.errors.ManagerException not_found_error where the caller sees no such deployment, node, or
     *     relationship
     */
    Optional<Declared> find(
            String deploymentId,
            String nodeId,
            String operation,
            @Nullable Relationship relationship,
            CallerIdentity caller);
}
