package io.holdfast.inventory.updates.app;

import io.holdfast.http.CallerIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of deployment updates, for writing. Each change belongs to the transaction that runs. */
public interface DeploymentUpdateRecords {

    /** A deployment that is updated, as it is. */
    record Before(
            String tenant,
            String id,
            @Nullable String blueprintId,
            Map<String, @Nullable Object> inputs,
            boolean atRunTimeOnly,
            String visibility) {}

    /**
     * What an update says. Null: nothing about that.
     *
     * @param nodes the nodes of the new plan, in any shape: the update workflow's own; the same for instances and entities
     * @param steps what an update changes, one object each
     */
    record Content(
            @Nullable String state,
            @Nullable String executionId,
            @Nullable String oldBlueprintId,
            @Nullable String newBlueprintId,
            @Nullable Map<String, @Nullable Object> oldInputs,
            @Nullable Map<String, @Nullable Object> newInputs,
            @Nullable Object plan,
            @Nullable Object nodes,
            @Nullable Object nodeInstances,
            @Nullable Object modifiedEntities,
            @Nullable Object pluginsToInstall,
            @Nullable Object pluginsToUninstall,
            @Nullable List<Map<String, @Nullable Object>> steps,
            @Nullable Boolean atRunTimeOnly,
            @Nullable String visibility,
            @Nullable Boolean keepsOldDependencies) {

        /** Where the update stands. */
        static Content ofState(@Nullable String state, @Nullable String executionId) {
            return new Content(
                    state,
                    executionId,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
        }

        /** What an update's workflow reports while it runs. */
        public static Content ofReport(
                @Nullable String state,
                @Nullable Object plan,
                @Nullable Object nodes,
                @Nullable Object nodeInstances,
                @Nullable List<Map<String, @Nullable Object>> steps) {
            return new Content(
                    state,
                    null,
                    null,
                    null,
                    null,
                    null,
                    plan,
                    nodes,
                    nodeInstances,
                    null,
                    null,
                    null,
                    steps,
                    null,
                    null,
                    null);
        }

        Content withSteps(@Nullable List<Map<String, @Nullable Object>> others) {
            return with(state, executionId, oldBlueprintId, others);
        }

        /** As it is, with these in place of its own. */
        Content with(
                @Nullable String otherState,
                @Nullable String otherExecutionId,
                @Nullable String otherOldBlueprintId,
                @Nullable List<Map<String, @Nullable Object>> otherSteps) {
            return new Content(
                    otherState,
                    otherExecutionId,
                    otherOldBlueprintId,
                    newBlueprintId,
                    oldInputs,
                    newInputs,
                    plan,
                    nodes,
                    nodeInstances,
                    modifiedEntities,
                    pluginsToInstall,
                    pluginsToUninstall,
                    otherSteps,
                    atRunTimeOnly,
                    visibility,
                    keepsOldDependencies);
        }
    }

    /** The deployment that the caller sees: of the tenant first, else a global one. */
    Optional<Before> deployment(String id, CallerIdentity caller);

    boolean hasBlueprint(String id, CallerIdentity caller);

    /** The deployment of the tenant's update of this id. */
    Optional<String> deploymentOf(String tenant, String updateId);

    /** The execution of the tenant's update of this id; empty where there is neither, or only the update. */
    Optional<String> executionOf(String tenant, String updateId);

    /** @return whether it was added: false where the tenant has one of this id, which then stays as it is */
    boolean add(Before deployment, String id, Content content, String createdBy, Instant createdAt);

    /** Adds it, or gives the one of this id what the content says. */
    void put(Before deployment, String id, Content content, String createdBy, Instant createdAt);

    /** What the content does not say stays; its steps come after those that there are. */
    void change(String tenant, String id, Content content);

    void remove(String tenant, String id);

    /** The deployment was updated at this time. */
    void updated(String tenant, String deploymentId, Instant at);
}
