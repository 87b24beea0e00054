package io.holdfast.inventory.nodes.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.http.CallerIdentity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of nodes and node instances, for writing. Each change belongs to the transaction that runs. */
public interface NodeRecords {

    /** The deployment that nodes are written for. */
    record Owner(String tenant, String deploymentId, String visibility) {}

    record Instance(String tenant, String id, String deploymentId, String nodeId, int version) {}

    /** What becomes of an instance; null: stays as it is. */
    record Change(
            @Nullable String state,
            @Nullable JsonNode runtimeProperties,
            @Nullable JsonNode systemProperties,
            @Nullable JsonNode relationships,
            @Nullable Boolean drifted,
            @Nullable Boolean statusOk) {}

    /** Numbers of instances; null: stays as it is. */
    record Counts(
            @Nullable Integer current,
            @Nullable Integer planned,
            @Nullable Integer byDefault,
            @Nullable Integer least,
            @Nullable Integer most) {}

    /** @param createdBy null: who adds it */
    record NewNode(
            String id,
            String type,
            @Nullable String hostId,
            JsonNode typeHierarchy,
            JsonNode properties,
            JsonNode operations,
            JsonNode relationships,
            JsonNode plugins,
            @Nullable JsonNode pluginsToInstall,
            Counts counts,
            @Nullable String createdBy) {}

    /** @param createdBy null: who adds it */
    record NewInstance(
            String id,
            String nodeId,
            @Nullable String hostId,
            int index,
            String state,
            JsonNode runtimeProperties,
            @Nullable JsonNode systemProperties,
            JsonNode relationships,
            JsonNode scalingGroups,
            int version,
            boolean drifted,
            boolean statusOk,
            @Nullable String createdBy) {}

    /** The one that the caller sees, locked until the end of the transaction: of the tenant first, else a global one. */
    Optional<Instance> lockInstance(String id, CallerIdentity caller);

    /** An empty object where it has none. */
    JsonNode systemProperties(Instance instance);

    /** Makes the version one higher. */
    void update(Instance instance, Change change);

    /** With its agents. */
    void removeInstance(String tenant, String id);

    /** Ids of the deployment's nodes. */
    Set<String> nodes(Owner owner);

    /** The highest index of an instance, by node. */
    Map<String, Integer> highestIndexes(Owner owner);

    /** Those of the ids that instances of the tenant have. */
    Set<String> takenInstanceIds(String tenant, List<String> ids);

    /** @param adder who makes those that do not name their maker */
    void addNodes(Owner owner, List<NewNode> nodes, String adder);

    /** @param adder who makes those that do not name their maker */
    void addInstances(Owner owner, List<NewInstance> instances, String adder);

    /** @param change of a part that is null, nothing */
    void updateNode(Owner owner, String id, NodeChange change);

    void removeNode(Owner owner, String id);

    /** What becomes of a node; null: stays as it is. */
    record NodeChange(
            @Nullable JsonNode plugins,
            @Nullable JsonNode operations,
            @Nullable JsonNode relationships,
            @Nullable JsonNode properties,
            Counts counts) {}
}
