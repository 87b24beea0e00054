package io.holdfast.inventory.groups.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.app.ChangeDeployment;
import io.holdfast.inventory.deployments.app.CreateDeployment;
import io.holdfast.inventory.deployments.app.DeploymentRecords;
import io.holdfast.inventory.deployments.app.Deployments;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes, changes and removes deployment groups. Each request is carried out whole or not at all. */
@ApplicationScoped
public class ChangeDeploymentGroup {

    /**
     * What a request says of the group itself. Null: as it is.
     *
     * @param createdBy null: who asks, for a new group; the same for {@code createdAt}: then
     * @param created how many deployments were made in the group, for one that was in another manager
     */
    public record Attributes(
            @Nullable String description,
            @Nullable String blueprintId,
            @Nullable Map<String, @Nullable Object> defaultInputs,
            @Nullable Visibility visibility,
            @Nullable List<Label> labels,
            @Nullable String createdBy,
            @Nullable Instant createdAt,
            @Nullable Integer created) {}

    /**
     * Which deployments a request means.
     *
     * @param ids null: none is named
     * @param filterId a saved filter of deployments, or null
     * @param rules that they must match; empty: no such condition
     * @param group all that are in this group, or null
     */
    public record Selection(
            @Nullable List<String> ids,
            @Nullable String filterId,
            List<FilterRule> rules,
            @Nullable String group) {

        public static final Selection NOTHING = new Selection(null, null, List.of(), null);

        public Selection {
            rules = List.copyOf(rules);
        }
    }

    /**
     * A deployment to be made in the group.
     *
     * @param id may have the placeholders of {@link #filled}; null: what the blueprint's {@code id_template} says, or else the group's id
     *     and a random part
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
    private final GroupExecutions executions;
    private final Clock clock;

    ChangeDeploymentGroup(
            GroupRecords records,
            DeploymentRecords deploymentRecords,
            Deployments deployments,
            CreateDeployment create,
            ChangeDeployment change,
            GroupExecutions executions,
            Clock clock) {
        this.records = records;
        this.deploymentRecords = deploymentRecords;
        this.deployments = deployments;
        this.create = create;
        this.change = change;
        this.executions = executions;
        this.clock = clock;
    }

    /** Makes the group if it is not there. With ids, a filter or another group, these become its deployments; others go. */
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
        boolean replaces = members.ids() != null || members.filterId() != null || members.group() != null;
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
        Integer counted = attributes.created();
        int createdBefore = counted == null ? present.created() : counted;
        List<String> joining = selected(added, caller);
        List<String> leaving = selected(removed, caller);
        GroupRecords.Group changed = new GroupRecords.Group(
                present.tenant(),
                present.id(),
                attributes.description() == null ? present.description() : attributes.description(),
                blueprint == null ? present.defaultBlueprintId() : blueprint,
                attributes.defaultInputs() == null ? present.defaultInputs() : attributes.defaultInputs(),
                createdBefore + newDeployments.size(),
                attributes.visibility() == null ? present.visibility() : attributes.visibility());
        List<Label> inherited = labels == null ? records.labels(present) : labels;
        List<CreateDeployment.Request> requests = requests(changed, createdBefore, newDeployments, inherited, caller);
        List<String> parents = Label.parents(inherited);
        List<String> parentsBefore = Label.parents(records.labels(present));
        List<String> newParents = parents.stream()
                .filter(parent -> !parentsBefore.contains(parent))
                .toList();
        Instant now = clock.instant();
        List<String> creations = create.createAll(requests, caller, () -> {
            requireFitting(changed, parents, joining, caller);
            requireFitting(changed, newParents, replaces ? List.of() : records.members(changed), caller);
            records.put(changed, caller, now);
            records.origin(changed, attributes.createdBy(), attributes.createdAt());
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
        if (!creations.isEmpty()) {
            executions.together(changed, CreateDeployment.WORKFLOW, creations, caller.username());
        }
    }

    /**
     * As for a deployment that gets such labels by itself.
     *
     * @param parents that the group gives to these deployments
     */
    private void requireFitting(
            GroupRecords.Group group, List<String> parents, List<String> deploymentIds, CallerIdentity caller) {
        if (parents.isEmpty() || deploymentIds.isEmpty()) {
            return;
        }
        deploymentRecords.holdDependencies(group.tenant());
        CreateDeployment.requireThere(parents, deploymentRecords, caller);
        ChangeDeployment.requireNoCircle(group.tenant(), deploymentIds, parents, deploymentRecords);
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
        Settings settings = settings(blueprint, caller);
        List<CreateDeployment.Request> requests = new ArrayList<>();
        int count = createdBefore;
        for (NewDeployment wanted : newDeployments) {
            Map<String, @Nullable Object> inputs = new LinkedHashMap<>(group.defaultInputs());
            inputs.putAll(wanted.inputs());
            Set<Label> labels = new LinkedHashSet<>(wanted.labels());
            labels.addAll(inherited);
            String site = wanted.siteName();
            if (site != null && deploymentRecords.siteVisibility(site, caller).isEmpty()) {
                throw new ManagerException(
                        ErrorCode.NOT_FOUND, "Site " + site + " does not exist", "create the site first");
            }
            Map<String, String> values = new LinkedHashMap<>();
            values.put("{group_id}", group.id());
            values.put("{uuid}", UUID.randomUUID().toString());
            values.put("{blueprint_id}", blueprint);
            values.put("{count}", String.valueOf(count++));
            values.put("{site_name}", site == null ? "" : site);
            String name = wanted.displayName() == null ? settings.displayName() : wanted.displayName();
            requests.add(new CreateDeployment.Request(
                    ResourceId.checkCharacters("deployment_id", filled(template(wanted, settings), values)),
                    blueprint,
                    inputs,
                    group.visibility(),
                    site,
                    name == null ? null : filled(name, values),
                    wanted.atRunTimeOnly(),
                    wanted.skipPluginsValidation(),
                    List.copyOf(labels),
                    null,
                    null));
        }
        return requests;
    }

    /** What the blueprint says of its deployments' names; null where it says nothing, or nothing that is known by now. */
    private record Settings(
            @Nullable String idTemplate, @Nullable String displayName) {}

    private Settings settings(String blueprint, CallerIdentity caller) {
        Object settings = deploymentRecords
                .blueprint(blueprint, caller)
                .map(facts -> facts.plan().data().get("deployment_settings"))
                .orElse(null);
        if (!(settings instanceof Map<?, ?> given)) {
            return new Settings(null, null);
        }
        return new Settings(
                given.get("id_template") instanceof String template ? template : null,
                given.get("display_name") instanceof String name ? name : null);
    }

    private static String template(NewDeployment wanted, Settings settings) {
        String id = wanted.id();
        if (id != null) {
            return id;
        }
        String template = settings.idTemplate();
        if (template == null) {
            return "{group_id}-{uuid}";
        }
        if (!template.contains("{uuid}") && !template.contains("{count}")) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "When creating new deployments in a group, deployment ID template must contain a variable part, eg. `{uuid}`",
                    "change the blueprint's id_template, or give each deployment an id");
        }
        return template;
    }

    /** With {@code {group_id}}, {@code {uuid}}, {@code {blueprint_id}}, {@code {count}} and {@code {site_name}} replaced. */
    private static String filled(String template, Map<String, String> values) {
        String filled = template;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace(value.getKey(), value.getValue());
        }
        return filled;
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
            addOwn(deployments.list(request, caller), caller, ids);
        }
        if (!selection.rules().isEmpty()) {
            ListRequest request =
                    ListRequest.parse(Map.of("_include", List.of("id"), "_get_all_results", List.of("true")));
            addOwn(deployments.search(request, selection.rules(), Constraints.NONE, caller), caller, ids);
        }
        if (selection.group() != null) {
            ids.addAll(records.members(own(selection.group(), caller)));
        }
        return List.copyOf(ids);
    }

    private static void addOwn(Listing found, CallerIdentity caller, Set<String> ids) {
        for (Row row : found.rows()) {
            if (row.tenant().equals(caller.tenant())) {
                ids.add(row.id());
            }
        }
    }

    /**
     * Removes the group, and with it the execution groups that were started from it.
     *
     * @param deployments with them
     * @param how these are removed
     */
    public void remove(String id, boolean deployments, ChangeDeployment.Removal how, CallerIdentity caller) {
        GroupRecords.Group group = own(id, caller);
        if (deployments) {
            change.removeAll(records.members(group), how, caller);
        }
        QuarkusTransaction.requiringNew().run(() -> {
            records.remove(group);
            // Last, and within: where they cannot be removed, the group stays to be deleted once more.
            executions.forget(group);
        });
    }

    private GroupRecords.Group own(String id, CallerIdentity caller) {
        return own(records.find(id, caller).orElseThrow(() -> Refusals.notFound("DeploymentGroup", id)), caller);
    }

    private static GroupRecords.Group own(GroupRecords.Group group, CallerIdentity caller) {
        Refusals.requireOwn(group.id(), group.tenant(), caller.tenant());
        return group;
    }
}
