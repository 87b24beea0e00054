package io.holdfast.inventory.updates.app;

import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.nodes.app.NodeRecords;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an update that the manager carries out itself reads and writes: its own row, and the nodes, node instances and the deployment as
 * their rows show them, column by column. Each change belongs to the transaction that runs.
 */
public interface UpdateContents {

    /** A part of what is stored of the nodes and of the instances of an update while it is under way: the rows as they were before. */
    String BEFORE = "before_update";

    /**
     * An update, locked until the end of the transaction.
     *
     * @param plan what the deployment is to become; empty: not known yet
     * @param nodes what becomes of the nodes, the same for {@code instances}
     * @param prepared whether it changed the deployment and has neither been finished nor given up
     */
    record Stored(
            String id,
            @Nullable String deploymentId,
            @Nullable String executionId,
            @Nullable String state,
            @Nullable String newBlueprintId,
            Map<String, @Nullable Object> newInputs,
            boolean atRunTimeOnly,
            Map<String, @Nullable Object> plan,
            Map<String, @Nullable Object> nodes,
            Map<String, @Nullable Object> instances,
            boolean prepared,
            @Nullable String createdBy) {}

    /** Another update of a deployment, which changed it and has neither been finished nor given up. */
    record Open(String id, @Nullable String executionId) {}

    /** One of the dependencies that functions in the blueprint made. */
    record Needed(String id, String creator, @Nullable String target) {}

    Optional<Stored> lock(String tenant, String id);

    /** Without the one of this id. */
    List<Open> open(String tenant, String deploymentId, String exceptId);

    /** The row of a deployment of this tenant, locked until the end of the transaction. */
    Optional<Map<String, @Nullable Object>> lockDeployment(String tenant, String id);

    /** In the order in which they were made. */
    List<Map<String, @Nullable Object>> nodes(NodeRecords.Owner owner);

    /** In the order in which they were made. */
    List<Map<String, @Nullable Object>> instances(NodeRecords.Owner owner);

    /** Adds nodes, and makes those that there are what these say. */
    void putNodes(NodeRecords.Owner owner, List<Map<String, @Nullable Object>> rows);

    /** Adds node instances, and makes those that there are what these say. */
    void putInstances(NodeRecords.Owner owner, List<Map<String, @Nullable Object>> rows);

    /** With their agents. */
    void removeInstances(NodeRecords.Owner owner, List<String> ids);

    void removeNodes(NodeRecords.Owner owner, List<String> ids);

    /** Writes down what the update consists of, in place of what was written before. */
    void describe(
            String tenant,
            String id,
            String executionId,
            String state,
            Map<String, @Nullable Object> plan,
            Map<String, @Nullable Object> nodes,
            Map<String, @Nullable Object> instances,
            List<Map<String, @Nullable Object>> steps);

    /** It changes nothing any more: what was before it is forgotten. */
    void end(String tenant, String id, String state);

    /** Makes a deployment what a plan says. @param values all that a blueprint makes of a deployment, by column */
    void become(NodeRecords.Owner owner, Map<String, @Nullable Object> values, Instant at);

    List<Label> labels(String tenant, String deploymentId);

    /** Those that it does not have. */
    void addLabels(NodeRecords.Owner owner, List<Label> labels, String createdBy, Instant at);

    List<Needed> neededByFunctions(NodeRecords.Owner owner);
}
