package io.holdfast.inventory.groups.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.app.ChangeDeployment;
import io.holdfast.inventory.deployments.app.CreateDeployment;
import io.holdfast.inventory.deployments.app.DeploymentRecords;
import io.holdfast.inventory.deployments.app.Deployments;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.ResourceId;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Row;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes, changes and removes deployment groups. Each request is carried out whole or not at all. */
@ApplicationScoped
public class ChangeDeploymentGroup {

    /** What a request says of the group itself. Null: as it is. */
    public record Attributes(
            @Nullable String description,
            @Nullable String blueprintId,
            @Nullable Map<String, @Nullable Object> defaultInputs,
            @Nullable Visibility visibility,
            @Nullable List<Label> labels) {}

    /**
     * Which deployments a request means.
     *
     * @param ids null: none is named
     * @param filterId a saved filter of deployments, or null
     * @param group all that are in this group, or null
     */
    public record Selection(
            @Nullable List<String> ids,
            @Nullable String filterId,
            @Nullable String group) {

        public static final Selection NOTHING = new Selection(null, null, null);
    }

    /**
     * A deployment to be made in the group.
     *
     * @param id null: the group's id and the next number
     * @param inputs beside the group's defaults, and before them
     */
    public record NewDeployment(
            @Nullable String id,
            Map<String, @Nullable Object> inputs,
            List<Label> labels,
            @Nullable String displayName,
            @Nullable String siteName,
            boolean atRunTimeOnly,
            boolean skipPluginsValidation) {}

    private final GroupRecords records;
    private final DeploymentRecords deploymentRecords;
    private final Deployments deployments;
    private final CreateDeployment create;
    private final ChangeDeployment change;
    private final Clock clock;

    ChangeDeploymentGroup(
            GroupRecords records,
            DeploymentRecords deploymentRecords,
            Deployments deployments,
            CreateDeployment create,
            ChangeDeployment change,
            Clock clock) {
        this.records = records;
        this.deploymentRecords = deploymentRecords;
        this.deployments = deployments;
        this.create = create;
        this.change = change;
        this.clock = clock;
    }

    /** Makes the group if it is not there. With ids or a filter, these become its deployments; others go. */
    public void put(
            String id,
            Attributes attributes,
            Selection members,
            List<NewDeployment> newDeployments,
            CallerIdentity caller) {
        ResourceId.checkCharacters("group_id", id);
        String tenant = Objects.requireNonNull(caller.tenant(), "a deployment group has a tenant");
        GroupRecords.Group present = records.find(id, caller)
                .map(group -> own(group, caller))
                .orElseGet(() -> new GroupRecords.Group(tenant, id, null, null, Map.of(), 0, Visibility.TENANT));
        boolean replaces = members.ids() != null || members.filterId() != null;
        change(present, attributes, members, replaces, Selection.NOTHING, newDeployments, caller);
    }

    /** Changes a group that is there. */
    public void patch(
            String id,
            Attributes attributes,
            Selection added,
            Selection removed,
            List<NewDeployment> newDeployments,
            CallerIdentity caller) {
        change(own(id, caller), attributes, added, false, removed, newDeployments, caller);
    }

    private void change(
            GroupRecords.Group present,
            Attributes attributes,
            Selection added,
            boolean replaces,
            Selection removed,
            List<NewDeployment> newDeployments,
            CallerIdentity caller) {
        String blueprint = attributes.blueprintId();
        if (blueprint != null && deploymentRecords.blueprint(blueprint, caller).isEmpty()) {
            throw Refusals.notFound("Blueprint", blueprint);
        }
        List<Label> labels = attributes.labels();
        List<String> joining = selected(added, caller);
        List<String> leaving = selected(removed, caller);
        GroupRecords.Group changed = new GroupRecords.Group(
                present.tenant(),
                present.id(),
                attributes.description() == null ? present.description() : attributes.description(),
                blueprint == null ? present.defaultBlueprintId() : blueprint,
                attributes.defaultInputs() == null ? present.defaultInputs() : attributes.defaultInputs(),
                present.created() + newDeployments.size(),
                attributes.visibility() == null ? present.visibility() : attributes.visibility());
        List<Label> inherited = labels == null ? records.labels(present) : labels;
        List<CreateDeployment.Request> requests =
                requests(changed, present.created(), newDeployments, inherited, caller);
        Instant now = clock.instant();
        create.createAll(requests, caller, () -> {
            records.put(changed, caller.username(), now);
            if (labels != null) {
                records.labels(changed, labels, caller.username(), now);
            }
            if (replaces) {
                records.removeMembers(changed, records.members(changed));
            }
            records.addMembers(changed, joining, caller.username(), now);
            records.removeMembers(changed, leaving);
            records.addMembers(
                    changed, requests.stream().map(CreateDeployment.Request::id).toList(), caller.username(), now);
        });
    }

    private List<CreateDeployment.Request> requests(
            GroupRecords.Group group,
            int createdBefore,
            List<NewDeployment> newDeployments,
            List<Label> inherited,
            CallerIdentity caller) {
        if (newDeployments.isEmpty()) {
            return List.of();
        }
        String blueprint = group.defaultBlueprintId();
        if (blueprint == null) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "Cannot create deployments: group " + group.id() + " has no default blueprint set",
                    "give the group a blueprint_id");
        }
        List<CreateDeployment.Request> requests = new ArrayList<>();
        int count = createdBefore;
        for (NewDeployment wanted : newDeployments) {
            count++;
            Map<String, @Nullable Object> inputs = new LinkedHashMap<>(group.defaultInputs());
            inputs.putAll(wanted.inputs());
            Set<Label> labels = new LinkedHashSet<>(wanted.labels());
            labels.addAll(inherited);
            String id = wanted.id();
            requests.add(new CreateDeployment.Request(
                    ResourceId.checkCharacters("deployment_id", id == null ? group.id() + "-" + count : id),
                    blueprint,
                    inputs,
                    null,
                    wanted.siteName(),
                    wanted.displayName(),
                    wanted.atRunTimeOnly(),
                    wanted.skipPluginsValidation(),
                    List.copyOf(labels)));
        }
        return requests;
    }

    /** Each once, all of the caller's tenant. */
    private List<String> selected(Selection selection, CallerIdentity caller) {
        Set<String> ids = new LinkedHashSet<>();
        if (selection.ids() != null) {
            for (String id : selection.ids()) {
                DeploymentRecords.Stored deployment =
                        deploymentRecords.find(id, caller).orElseThrow(() -> Refusals.notFound("Deployment", id));
                if (!deployment.tenant().equals(caller.tenant())) {
                    throw new ManagerException(
                            ErrorCode.ILLEGAL_ACTION,
                            "The global deployment `" + id + "` belongs to the tenant `" + deployment.tenant()
                                    + "`, a group of the tenant `" + caller.tenant() + "` cannot hold it",
                            null);
                }
                ids.add(id);
            }
        }
        if (selection.filterId() != null) {
            ListRequest request = ListRequest.parse(Map.of(
                    "_filter_id", List.of(selection.filterId()),
                    "_include", List.of("id"),
                    "_get_all_results", List.of("true")));
            for (Row row : deployments.list(request, caller).rows()) {
                if (row.tenant().equals(caller.tenant())) {
                    ids.add(row.id());
                }
            }
        }
        if (selection.group() != null) {
            ids.addAll(records.members(own(selection.group(), caller)));
        }
        return List.copyOf(ids);
    }

    /**
     * Removes the group.
     *
     * @param deployments with them
     * @param force of the deployments, as {@link ChangeDeployment#remove} takes it; so is {@code logs}
     */
    public void remove(String id, boolean deployments, boolean force, boolean logs, CallerIdentity caller) {
        GroupRecords.Group group = own(id, caller);
        if (deployments) {
            change.removeAll(records.members(group), force, logs, caller);
        }
        QuarkusTransaction.requiringNew().run(() -> records.remove(group));
    }

    private GroupRecords.Group own(String id, CallerIdentity caller) {
        return own(records.find(id, caller).orElseThrow(() -> Refusals.notFound("DeploymentGroup", id)), caller);
    }

    private static GroupRecords.Group own(GroupRecords.Group group, CallerIdentity caller) {
        if (!group.tenant().equals(caller.tenant())) {
            throw new ManagerException(
                    ErrorCode.ILLEGAL_ACTION,
                    "Can't change the global deployment group `" + group.id() + "` from the tenant `" + caller.tenant()
                            + "`, it belongs to the tenant `" + group.tenant() + "`",
                    "ask in the tenant that it belongs to");
        }
        return group;
    }
}
