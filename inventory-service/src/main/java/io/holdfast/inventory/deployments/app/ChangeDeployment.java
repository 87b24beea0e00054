package io.holdfast.inventory.deployments.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.Visibility;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private final Clock clock;

    ChangeDeployment(DeploymentRecords records, DeploymentExecutions executions, UpdateWorkflows updates, Clock clock) {
        this.records = records;
        this.executions = executions;
        this.updates = updates;
        this.clock = clock;
    }

    /**
     * @param displayName null: as it is
     * @param labels null: as they are
     * @param made what else the deployment is to have, by the API's names, values as JSON, text or boolean: the update workflow may
     *     change all of it, others set only what is not set
     * @throws ManagerException conflict_error for what is set, only_deployment_update for another blueprint
     */
    @Transactional
    public void change(
            String id,
            @Nullable String displayName,
            @Nullable List<Label> labels,
            Map<String, @Nullable Object> made,
            CallerIdentity caller) {
        DeploymentRecords.Stored deployment = own(id, caller, "update");
        if (!made.isEmpty()) {
            boolean updating = updates.isUpdating(caller);
            if (!updating && made.containsKey(BLUEPRINT)) {
                updates.require(caller);
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
            records.displayName(deployment, CreateDeployment.checkedName(displayName), clock.instant());
        }
        if (labels != null) {
            List<String> parents = labels.stream()
                    .filter(label -> label.key().equals(Label.PARENT))
                    .map(Label::value)
                    .toList();
            CreateDeployment.requireThere(parents, records, caller);
            if (parents.contains(id)
                    || records.ancestors(deployment.tenant(), parents).contains(id)) {
                throw cyclic(List.of(id));
            }
            records.labels(deployment, labels, caller.username(), clock.instant());
        }
    }

    @Transactional
    public void visibility(String id, Visibility visibility, CallerIdentity caller) {
        DeploymentRecords.Stored deployment = own(id, caller, "set the visibility of");
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

    /** @param name null: none */
    @Transactional
    public void site(String id, @Nullable String name, CallerIdentity caller) {
        DeploymentRecords.Stored deployment = own(id, caller, "set the site of");
        if (name != null) {
            Visibility ofSite = records.siteVisibility(name, caller).orElseThrow(() -> Refusals.notFound("Site", name));
            CreateDeployment.requireWide(name, ofSite, id, deployment.visibility());
        }
        records.site(deployment, name, clock.instant());
    }

    /**
     * Removes it with its nodes; the execution {@code delete_deployment_environment} tells of it.
     *
     * @param force removes it even if it is installed or others depend on it, but never while executions of it run
     * @param logs removes the events and logs of its executions, too, but for those of its removal
     */
    public void remove(String id, boolean force, boolean logs, CallerIdentity caller) {
        removeAll(List.of(id), force, logs, caller);
    }

    /** As {@link #remove}, of several that may depend on each other. Nothing is removed where one must stay. */
    public void removeAll(List<String> ids, boolean force, boolean logs, CallerIdentity caller) {
        List<DeploymentRecords.Stored> all = new ArrayList<>();
        for (String id : ids) {
            DeploymentRecords.Stored deployment = own(id, caller, "delete");
            if (!force) {
                List<Dependent> dependents = records.dependents(deployment).stream()
                        .filter(dependent -> !ids.contains(dependent.deploymentId()))
                        .toList();
                if (!dependents.isEmpty()) {
                    throw refused(
                            id,
                            "the following existing installations depend on it:\n" + Dependent.list(dependents),
                            "end these first, or pass force=true");
                }
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
            removeChecked(deployment, logs, caller);
        }
    }

    private void removeChecked(DeploymentRecords.Stored deployment, boolean logs, CallerIdentity caller) {
        String executionId = UUID.randomUUID().toString();
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        parameters.put("delete_logs", logs);
        if (logs) {
            executions.forgetLogs(deployment.tenant(), deployment.id());
        }
        executions.started(
                deployment.tenant(), executionId, DELETE_WORKFLOW, deployment.id(), caller.username(), parameters);
        try {
            QuarkusTransaction.requiringNew().run(() -> records.remove(deployment));
        } catch (RuntimeException e) {
            executions.ended(deployment.tenant(), executionId, DELETE_WORKFLOW, String.valueOf(e.getMessage()));
            throw e;
        }
        executions.forgetSchedules(deployment.tenant(), deployment.id());
        executions.ended(deployment.tenant(), executionId, DELETE_WORKFLOW, null);
    }

    private static ManagerException refused(String id, String reason, String hint) {
        return new ManagerException(ErrorCode.DEPENDENT_EXISTS, "Can't delete deployment " + id + " - " + reason, hint);
    }

    static ManagerException cyclic(List<String> ids) {
        return new ManagerException(
                ErrorCode.CONFLICT, "cyclic dependencies: " + String.join(",", ids), "choose another parent");
    }

    /** As refusals tell it: what depends on the deployment. */
    public List<Dependent> dependents(String id, CallerIdentity caller) {
        return records.dependents(records.find(id, caller).orElseThrow(() -> Refusals.notFound("Deployment", id)));
    }

    private DeploymentRecords.Stored own(String id, CallerIdentity caller, String action) {
        DeploymentRecords.Stored deployment =
                records.find(id, caller).orElseThrow(() -> Refusals.notFound("Deployment", id));
        if (!deployment.tenant().equals(caller.tenant())) {
            throw new ManagerException(
                    ErrorCode.ILLEGAL_ACTION,
                    "Can't " + action + " the global deployment `" + id + "` from the tenant `" + caller.tenant()
                            + "`, it belongs to the tenant `" + deployment.tenant() + "`",
                    "ask in the tenant that it belongs to");
        }
        return deployment;
    }
}
