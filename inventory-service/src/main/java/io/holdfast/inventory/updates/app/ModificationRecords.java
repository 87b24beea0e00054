package io.holdfast.inventory.updates.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.nodes.app.NodeRecords;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of deployment modifications, and what they read of a deployment. Each change belongs to the transaction that runs. */
public interface ModificationRecords {

    /** A deployment, locked until the end of the transaction. @param scalingGroups an object, by name */
    record Deployment(NodeRecords.Owner owner, ObjectNode scalingGroups) {}

    /** @param relationships a list, as the plan has them */
    record Node(String id, @Nullable String hostId, int instances, int plannedInstances, JsonNode relationships) {}

    record Stored(
            String id,
            String deploymentId,
            String status,
            ObjectNode modifiedNodes,
            ObjectNode nodeInstances,
            ObjectNode context) {}

    /** The one that the caller sees: of the tenant first, else a global one. */
    Optional<Deployment> lockDeployment(String id, CallerIdentity caller);

    List<Node> nodes(NodeRecords.Owner owner);

    /** As the API shows them, in the order in which they were made. */
    List<ObjectNode> instances(NodeRecords.Owner owner);

    /** Ids of the deployment's modifications that have not ended. */
    List<String> started(NodeRecords.Owner owner);

    /** The tenant's modification of this id, locked until the end of the transaction. */
    Optional<Stored> find(String tenant, String id);

    void add(NodeRecords.Owner owner, Stored modification, String createdBy, Instant at);

    void end(String tenant, String id, String status, ObjectNode nodeInstances, Instant at);

    void scalingGroups(NodeRecords.Owner owner, ObjectNode groups);

    /** Sets numbers of a node's instances. Null: stays as it is. */
    void counts(NodeRecords.Owner owner, String nodeId, @Nullable Integer current, @Nullable Integer planned);

    /** Sets the relationships of an instance and makes its version one higher. */
    void relationships(NodeRecords.Owner owner, String instanceId, JsonNode relationships);

    /** Adds an instance as it was, or makes it what it was. @param instance as the API shows it */
    void restoreInstance(NodeRecords.Owner owner, ObjectNode instance);
}
