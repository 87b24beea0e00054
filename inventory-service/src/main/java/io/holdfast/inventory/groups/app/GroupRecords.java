package io.holdfast.inventory.groups.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.resources.Visibility;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of deployment groups, for writing. Each change belongs to the transaction that runs. */
public interface GroupRecords {

    /**
     * @param defaultInputs of deployments that are made in the group
     * @param created how many deployments were made in the group, ever
     */
    record Group(
            String tenant,
            String id,
            @Nullable String description,
            @Nullable String defaultBlueprintId,
            Map<String, @Nullable Object> defaultInputs,
            int created,
            Visibility visibility) {}

    /** The one that the caller sees: of the tenant first, else a global one. */
    Optional<Group> find(String id, CallerIdentity caller);

    /**
     * Adds it, or replaces what the record holds.
     *
     * @throws io.holdfast.contracts.errors.ManagerException {@code conflict_error} where it is or would be global beside another, and
     *     where the tenant has one that the caller does not see
     */
    void put(Group group, CallerIdentity caller, Instant at);

    /** Who made it and when. Null: as it is. */
    void origin(Group group, @Nullable String createdBy, @Nullable Instant createdAt);

    List<Label> labels(Group group);

    /** In place of those that there are; its deployments gain and lose the same ones. */
    void labels(Group group, List<Label> labels, String createdBy, Instant at);

    /** Ids of its deployments, in the order in which they came. */
    List<String> members(Group group);

    /** Those that are not yet there get the group's labels. */
    void addMembers(Group group, List<String> deploymentIds, String createdBy, Instant at);

    void removeMembers(Group group, List<String> deploymentIds);

    /** The group, not its deployments. */
    void remove(Group group);
}
