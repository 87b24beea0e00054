package io.holdfast.inventory.updates.app;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of plugins updates, and of what they change, for writing. Each change belongs to the transaction that runs. */
public interface PluginsUpdateRecords {

    record Stored(
            String id,
            @Nullable String state,
            @Nullable String blueprintId,
            @Nullable String copyId,
            @Nullable String executionId,
            boolean allTenants) {}

    /**
     * @param copyId the hidden blueprint with the new plan; null: there is none
     * @param deployments ids of what is to be updated, of updates that older managers made; null: see the next
     * @param deploymentsPerTenant ids of what is to be updated, by tenant; null: nothing is
     */
    record New(
            String tenant,
            String id,
            String blueprintId,
            String state,
            @Nullable String copyId,
            @Nullable String executionId,
            boolean forced,
            boolean allTenants,
            @Nullable List<String> deployments,
            @Nullable Map<String, List<String>> deploymentsPerTenant,
            String visibility,
            String createdBy,
            Instant createdAt) {}

    /** Keeps two updates of one blueprint's plugins apart until the end of the transaction. */
    void lock(String tenant, String blueprintId);

    /** Those of the blueprint in one of these states, the oldest first. */
    List<Stored> of(String tenant, String blueprintId, List<String> states);

    /** The tenant's update of this id, locked until the end of the transaction. */
    Optional<Stored> find(String tenant, String id);

    /** False if the tenant has one of this id. */
    boolean add(New update);

    void state(String tenant, String id, String state, @Nullable String executionId);

    void remove(String tenant, String id);

    /** Ids of the deployments of a blueprint, by tenant. @param allTenants false: of its tenant only */
    Map<String, List<String>> deployments(String tenant, String blueprintId, boolean allTenants);

    /** A hidden blueprint like this one, with its archive, but another plan. */
    void copy(String tenant, String blueprintId, String copyId, Object plan, String createdBy, Instant at);

    /** Gives a blueprint the plan of another. */
    void takePlan(String tenant, String blueprintId, String fromId, Instant at);

    /** Gives deployments of one blueprint another. */
    void move(String tenant, String fromBlueprintId, String toBlueprintId, boolean allTenants, Instant at);

    void show(String tenant, String blueprintId);

    void removeBlueprint(String tenant, String blueprintId);
}
