package io.holdfast.inventory.deployments.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.Visibility;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Changes and removes deployments. */
@ApplicationScoped
public class ChangeDeployment {

    private static final String BLUEPRINT = "blueprint_id";
    private static final String DELETE_WORKFLOW = "delete_deployment_environment";

    private final DeploymentRecords records;
    private final DeploymentExecutions executions;
    private final UpdateWorkflows updates;
    private final ContentLibrary content;
    private final Clock clock;

    ChangeDeployment(
            DeploymentRecords records,
            DeploymentExecutions executions,
            UpdateWorkflows updates,
            ContentLibrary content,
            Clock clock) {
        this.records = records;
        this.executions = executions;
        this.updates = updates;
        this.content = content;
        this.clock = clock;
    }

    /**
     * @param displayName null: as it is
     * @param labels null: as they are
     * @param made what else the deployment is to have, by the API's names, values as JSON, text or boolean: the update workflow may
     *     change all of it, others set only what is not set
     * @param owner who is to have made the deployment and the labels that are new; null: the deployment keeps its creator
     * @param labelsAt when the new labels were made; null: now
     * @throws ManagerException conflict_error for what is set, only_deployment_update for a blueprint
     */
    @Transactional
    public void change(
            String id,
            @Nullable String displayName,
            @Nullable List<Label> labels,
            Map<String, @Nullable Object> made,
            @Nullable String owner,
            @Nullable Instant labelsAt,
            CallerIdentity caller) {
        DeploymentRecords.Stored deployment = held(id, caller);
        if (!made.isEmpty()) {
            boolean updating = updates.isUpdating(caller);
            if (!updating && made.containsKey(BLUEPRINT)) {
                throw UpdateWorkflows.refusal("Changing the blueprint is only possible via deployment-update");
            }
            made.forEach((name, value) -> {
                if (!updating && records.has(deployment, name)) {
                    throw new ManagerException(
                            ErrorCode.CONFLICT, name + " is already set", "labels and display_name may be changed");
                }
                if (name.equals(BLUEPRINT)
                        && records.blueprint(String.valueOf(value), caller).isEmpty()) {
                    throw Refusals.notFound("Blueprint", String.valueOf(value));
                }
                records.set(deployment, name, value, clock.instant());
            });
        }
        if (displayName != null) {
            records.displayName(deployment, displayName, clock.instant());
        }
        if (owner != null) {
            records.owner(deployment, owner, clock.instant());
        }
        if (labels != null) {
            List<String> parents = Label.parents(labels);
            if (!parents.isEmpty()) {
                records.holdDependencies(deployment.tenant());
            }
            CreateDeployment.requireThere(parents, records, caller);
            requireNoCircle(deployment.tenant(), id, parents, records);
            records.labels(
                    deployment,
                    labels,
                    owner == null ? caller.username() : owner,
                    labelsAt == null ? clock.instant() : labelsAt);
        }
    }

    @Transactional
    public void visibility(String id, Visibility visibility, CallerIdentity caller) {
        DeploymentRecords.Stored deployment = held(id, caller);
        DeploymentRecords.BlueprintFacts blueprint =
                records.blueprint(deployment.blueprintId(), caller).orElse(null);
        if (blueprint != null && visibility.isWiderThan(blueprint.visibility())) {
            throw new ManagerException(
                    ErrorCode.ILLEGAL_ACTION,
                    "The visibility of deployment `" + id + "` can't be wider than the visibility of its blueprint `"
                            + deployment.blueprintId() + "`. Current blueprint visibility is "
                            + blueprint.visibility().wireName(),
                    "widen the blueprint's visibility first");
        }
        visibility.requireNotNarrowerThan(deployment.visibility(), id);
        records.visibility(deployment, visibility, clock.instant());
    }

    /**
     * @param name null: none, for which the request has to say {@code detach}
     * @throws ManagerException {@code bad_parameters_error} where it says neither or both, once both are known to be there
     */
    @Transactional
    public void site(String id, @Nullable String name, boolean detach, CallerIdentity caller) {
        DeploymentRecords.Stored deployment = held(id, caller);
        if (name != null) {
            Visibility ofSite = records.siteVisibility(name, caller).orElseThrow(() -> Refusals.notFound("Site", name));
            CreateDeployment.requireWide(name, ofSite, id, deployment.visibility());
        }
        if ((name == null) != detach) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "Must provide either a `site_name` of a valid site or `detach_site` with true value for detaching the"
                            + " current site of the given deployment",
                    null);
        }
        records.site(deployment, name, clock.instant());
    }

    /**
     * Removes it with its nodes; the execution {@code delete_deployment_environment} tells of it.
     *
     * @param how nothing is removed where one must stay
     */
    public void remove(String id, Removal how, CallerIdentity caller) {
        removeAll(Map.of(id, own(id, caller)), how, caller);
    }

    /**
     * How a deployment is removed.
     *
     * @param force even if it is installed or others depend on it, but never while executions of it run
     * @param logs with the events and logs of its executions, but for those of its removal
     * @param recursive with all deployments below it, which have its label as their parent
     */
    public record Removal(boolean force, boolean logs, boolean recursive) {}

    /** As {@link #remove}, of several that may depend on each other. */
    public void removeAll(List<String> named, Removal how, CallerIdentity caller) {
        Map<String, DeploymentRecords.Stored> found = new LinkedHashMap<>();
        for (String id : named) {
            found.put(id, own(id, caller));
        }
        removeAll(found, how, caller);
    }

    private void removeAll(Map<String, DeploymentRecords.Stored> named, Removal how, CallerIdentity caller) {
        boolean force = how.force();
        Set<String> ids = new LinkedHashSet<>();
        if (how.recursive()) {
            ids.addAll(records.descendants(
                    Objects.requireNonNull(caller.tenant(), "a deployment has a tenant"), List.copyOf(named.keySet())));
        }
        ids.addAll(named.keySet());
        List<DeploymentRecords.Stored> all = new ArrayList<>();
        for (String id : ids) {
            DeploymentRecords.Stored known = named.get(id);
            DeploymentRecords.Stored deployment = known == null ? own(id, caller) : known;
            if (!force) {
                requireNoDependents(deployment, ids);
            }
            List<String> unfinished = executions.unfinished(deployment.tenant(), id);
            if (!unfinished.isEmpty()) {
                throw refused(
                        id,
                        "There are running or queued executions for this deployment. Running executions ids: "
                                + String.join(",", unfinished),
                        "wait until they have ended, or cancel them");
            }
            List<String> live = force ? List.of() : records.liveInstances(deployment);
            if (!live.isEmpty()) {
                throw refused(
                        id,
                        "There are live nodes for this deployment. Live nodes ids: " + String.join(",", live),
                        "uninstall it first, or pass force=true");
            }
            all.add(deployment);
        }
        for (DeploymentRecords.Stored deployment : all) {
            executions.cancelScheduled(deployment.tenant(), deployment.id());
            removeChecked(deployment, ids, how, caller);
        }
    }

    /** @param leaving those that are removed with it */
    private void requireNoDependents(DeploymentRecords.Stored deployment, Set<String> leaving) {
        List<Dependent> dependents = records.dependents(deployment).stream()
                .filter(dependent -> !leaving.contains(dependent.deploymentId()))
                .toList();
        if (!dependents.isEmpty()) {
            throw refused(
                    deployment.id(),
                    "the following existing installations depend on it:\n" + Dependent.list(dependents),
                    "end these first, or pass force=true");
        }
    }

    private void removeChecked(
            DeploymentRecords.Stored deployment, Set<String> leaving, Removal how, CallerIdentity caller) {
        String executionId = UUID.randomUUID().toString();
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        parameters.put("delete_logs", how.logs());
        parameters.put("force", how.force());
        parameters.put("recursive", how.recursive());
        if (how.logs()) {
            executions.forgetLogs(deployment.tenant(), deployment.id());
        }
        executions.started(
                deployment.tenant(), executionId, DELETE_WORKFLOW, deployment.id(), caller.username(), parameters);
        try {
            QuarkusTransaction.requiringNew().run(() -> {
                records.holdDependencies(deployment.tenant());
                if (deployment.visibility() == Visibility.GLOBAL) {
                    records.holdDependencies(DeploymentRecords.BETWEEN_TENANTS);
                }
                if (!how.force()) {
                    requireNoDependents(deployment, leaving);
                }
                records.remove(deployment).ifPresent(content::dropIfUnused);
            });
        } catch (RuntimeException e) {
            executions.ended(deployment.tenant(), executionId, String.valueOf(e.getMessage()));
            throw e;
        }
        executions.forgetSchedules(deployment.tenant(), deployment.id());
        executions.ended(deployment.tenant(), executionId, null);
    }

    private static ManagerException refused(String id, String reason, String hint) {
        return new ManagerException(ErrorCode.DEPENDENT_EXISTS, "Can't delete deployment " + id + " - " + reason, hint);
    }

    /** @throws ManagerException {@code conflict_error} where a deployment would belong to itself, by however many others */
    public static void requireNoCircle(String tenant, String id, List<String> parents, DeploymentRecords records) {
        requireNoCircle(tenant, List.of(id), parents, records);
    }

    /** As the other, of several that get the same parents. */
    public static void requireNoCircle(
            String tenant, List<String> ids, List<String> parents, DeploymentRecords records) {
        Set<String> above = new HashSet<>(parents);
        above.addAll(records.ancestors(tenant, parents));
        List<String> own = ids.stream().filter(above::contains).toList();
        if (!own.isEmpty()) {
            throw cyclic(own);
        }
    }

    static ManagerException cyclic(List<String> ids) {
        return new ManagerException(
                ErrorCode.CONFLICT, "cyclic dependencies: " + String.join(",", ids), "choose another parent");
    }

    /**
     * As refusals tell it: what depends on the deployment.
     *
     * @param except ids of deployments that do not count
     * @param services whether those count that are below it by their labels; where not, those do that the caller does not see
     */
    public List<Dependent> dependents(String id, List<String> except, boolean services, CallerIdentity caller) {
        DeploymentRecords.Stored deployment =
                records.find(id, caller).orElseThrow(() -> Refusals.notFound("Deployment", id));
        Set<String> passed = new HashSet<>(except);
        if (!services) {
            records.descendants(deployment.tenant(), List.of(id)).stream()
                    .filter(service -> records.find(service, caller).isPresent())
                    .forEach(passed::add);
        }
        return records.dependents(deployment).stream()
                .filter(dependent -> !passed.contains(dependent.deploymentId()))
                .toList();
    }

    /** Deployments that components of these have made or use, by the ids of those that have components. */
    public Map<String, List<String>> components(String tenant, List<String> ids) {
        return records.components(tenant, ids);
    }

    /** Notes the execution that made it, for one that was carried over. */
    @Transactional
    public void madeBy(String id, String executionId, CallerIdentity caller) {
        records.madeBy(own(id, caller), executionId);
    }

    /** Until the end of the transaction others wait who change or remove it. */
    private DeploymentRecords.Stored held(String id, CallerIdentity caller) {
        return records.hold(own(id, caller)).orElseThrow(() -> Refusals.notFound("Deployment", id));
    }

    private DeploymentRecords.Stored own(String id, CallerIdentity caller) {
        DeploymentRecords.Stored deployment =
                records.find(id, caller).orElseThrow(() -> Refusals.notFound("Deployment", id));
        Refusals.requireOwn(id, deployment.tenant(), caller.tenant());
        return deployment;
    }
}
