package io.holdfast.inventory.updates.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.dependencies.app.DependencyRecords;
import io.holdfast.inventory.deployments.DefaultSchedule;
import io.holdfast.inventory.deployments.app.BlueprintLabels;
import io.holdfast.inventory.deployments.app.ChangeDeployment;
import io.holdfast.inventory.deployments.app.CreateDeployment;
import io.holdfast.inventory.deployments.app.DeploymentRecords;
import io.holdfast.inventory.deployments.app.SeenByCaller;
import io.holdfast.inventory.deployments.app.ThingsSeen;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.language.DeploymentPreparation;
import io.holdfast.inventory.language.InputCorrection;
import io.holdfast.inventory.language.InstanceSuffixes;
import io.holdfast.inventory.language.Plan;
import io.holdfast.inventory.language.PreparedDeployment;
import io.holdfast.inventory.language.RefusedDeployment;
import io.holdfast.inventory.nodes.app.NodeRecords;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.updates.InstanceChanges;
import io.holdfast.inventory.updates.PlanDifference;
import io.holdfast.inventory.updates.UpdatePlan;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Works out what an update consists of and writes that down, and gives the deployment all that it has to have before the workflow goes on:
 * new nodes and instances with their relationships, and what the nodes that stay become. What goes is still there: {@link EndUpdate}
 * takes it away, or makes the deployment what it was.
 */
@ApplicationScoped
public class PrepareUpdate {

    static final String UPDATING = "updating";
    static final String EXECUTING = "executing_workflow";
    static final String PREVIEW = "preview";
    static final String SUCCESSFUL = "successful";
    static final String FAILED = "failed";

    private static final Set<String> OVER = Set.of(SUCCESSFUL, PREVIEW, "no_change");
    private static final Set<String> ENDED = Set.of("terminated", "failed", "cancelled");

    /**
     * @param inputs those that were asked for: all of them must be the blueprint's
     * @param preview changes nothing
     * @param correctsTypes turns texts into what the types of the inputs are, where that can be done
     */
    public record Request(
            String deploymentId,
            String executionId,
            Map<String, @Nullable Object> inputs,
            boolean preview,
            boolean correctsTypes) {}

    private final UpdateContents contents;
    private final UpdateExecutions executions;
    private final DeploymentRecords deployments;
    private final DependencyRecords dependencies;
    private final ModificationRecords modifications;
    private final EndUpdate end;
    private final ThingsSeen things;
    private final Clock clock;
    private final InstanceSuffixes suffixes = new InstanceSuffixes();

    PrepareUpdate(
            UpdateContents contents,
            UpdateExecutions executions,
            DeploymentRecords deployments,
            DependencyRecords dependencies,
            ModificationRecords modifications,
            EndUpdate end,
            ThingsSeen things,
            Clock clock) {
        this.contents = contents;
        this.executions = executions;
        this.deployments = deployments;
        this.dependencies = dependencies;
        this.modifications = modifications;
        this.end = end;
        this.things = things;
        this.clock = clock;
    }

    /**
     * Prepares an update, from the beginning where that was done before. One that is over stays as it is: its state says so.
     *
     * @throws ManagerException not_found_error; conflict_error for another update that is under way; what the blueprint is refused with
     *     with these inputs, and bad_parameters_error for what no update can do: then nothing was changed
     */
    public void prepare(String id, Request request, CallerIdentity caller) {
        String tenant = Objects.requireNonNull(caller.tenant(), "a deployment update has a tenant");
        for (UpdateContents.Open other : contents.open(tenant, request.deploymentId(), id)) {
            if (!isOver(tenant, other.executionId())) {
                throw new ManagerException(
                        ErrorCode.CONFLICT,
                        "the update `" + other.id() + "` of deployment `" + request.deploymentId()
                                + "` is under way in execution `" + other.executionId() + "`",
                        "wait until it has ended, or cancel it");
            }
            end.giveUp(other.id(), caller);
        }
        QuarkusTransaction.requiringNew().run(() -> prepare(tenant, id, request, caller));
    }

    private boolean isOver(String tenant, @Nullable String execution) {
        return execution == null
                || !executions.exists(tenant, execution)
                || ENDED.contains(executions.status(tenant, execution));
    }

    private void prepare(String tenant, String id, Request request, CallerIdentity caller) {
        UpdateContents.Stored update =
                contents.lock(tenant, id).orElseThrow(() -> Refusals.notFound("DeploymentUpdate", id));
        requireIts(update, request);
        if (OVER.contains(String.valueOf(update.state()))) {
            return;
        }
        Map<String, @Nullable Object> row = contents.lockDeployment(tenant, request.deploymentId())
                .orElseThrow(() -> Refusals.notFound("Deployment", request.deploymentId()));
        NodeRecords.Owner owner =
                new NodeRecords.Owner(tenant, request.deploymentId(), String.valueOf(row.get("visibility")));
        if (update.prepared()) {
            end.takeBack(owner, update);
        }
        requireNoModification(owner);
        String blueprintId =
                update.newBlueprintId() == null ? String.valueOf(row.get("blueprint_id")) : update.newBlueprintId();
        Plan blueprint = blueprint(blueprintId, caller);
        List<Map<String, @Nullable Object>> nodes = contents.nodes(owner);
        Map<String, @Nullable Object> old = UpdatePlan.ofRow(row, nodes);
        PreparedDeployment prepared = prepared(blueprint, update, request, caller);
        List<Label> labels = labels(row, owner, blueprintId, prepared, caller);
        DefaultSchedule.of(prepared.defaultSchedules(), clock.instant());
        checkDependencies(owner, prepared, caller);
        Map<String, @Nullable Object> plan = UpdatePlan.of(prepared, blueprintId, update.atRunTimeOnly(), labels);
        PlanDifference difference = new PlanDifference(old, plan);
        if (!difference.impossible().isEmpty()) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "deployment `" + owner.deploymentId() + "` cannot be updated: "
                            + String.join("; ", difference.impossible()),
                    "give what is to be another thing another name in the blueprint");
        }
        List<Map<String, @Nullable Object>> instances = contents.instances(owner);
        InstanceChanges changes = new InstanceChanges(
                old, plan, UpdatePlan.instances(instances), new SeenByCaller(deployments, suffixes, caller));
        plan.put("scaling_groups", changes.scalingGroups());
        UpdatePlan.Written written =
                new UpdatePlan(nodes, instances, plan, difference, changes, caller.username()).written();
        if (!request.preview()) {
            contents.putNodes(owner, written.newNodes());
            contents.putInstances(owner, written.newInstances());
            written.nodes().put(UpdateContents.BEFORE, nodes);
            written.instances().put(UpdateContents.BEFORE, instances);
        }
        contents.describe(
                tenant,
                id,
                request.executionId(),
                request.preview() ? PREVIEW : EXECUTING,
                plan,
                written.nodes(),
                written.instances(),
                WriteDeploymentUpdates.identified(written.steps()));
    }

    private static void requireIts(UpdateContents.Stored update, Request request) {
        if (!request.deploymentId().equals(update.deploymentId())) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "the update `" + update.id() + "` is of deployment `" + update.deploymentId() + "`, not of `"
                            + request.deploymentId() + "`",
                    "start the workflow without update_id, or begin an update of this deployment");
        }
        if (update.executionId() != null && !update.executionId().equals(request.executionId())) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "the update `" + update.id() + "` is of execution `" + update.executionId() + "`, not of `"
                            + request.executionId() + "`",
                    "start the workflow without update_id, or begin another update");
        }
    }

    private void requireNoModification(NodeRecords.Owner owner) {
        List<String> started = modifications.started(owner);
        if (!started.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.EXISTING_STARTED_DEPLOYMENT_MODIFICATION,
                    "deployment `" + owner.deploymentId() + "` cannot be updated while its modification `"
                            + started.get(0) + "` is under way",
                    "finish it, or roll it back");
        }
    }

    private Plan blueprint(String id, CallerIdentity caller) {
        DeploymentRecords.BlueprintFacts blueprint =
                deployments.blueprint(id, caller).orElseThrow(() -> Refusals.notFound("Blueprint", id));
        if (!"uploaded".equals(blueprint.state())) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "the blueprint `" + id + "` is not `uploaded` but: `" + blueprint.state() + "`",
                    "wait until the blueprint is uploaded, or upload it again");
        }
        return blueprint.plan();
    }

    /** Inputs that the deployment has and the blueprint does not know go; those that were asked for must be known. */
    private PreparedDeployment prepared(
            Plan blueprint, UpdateContents.Stored update, Request request, CallerIdentity caller) {
        Map<?, ?> declared = blueprint.data().get("inputs") instanceof Map<?, ?> inputs ? inputs : Map.of();
        Map<String, @Nullable Object> inputs = new LinkedHashMap<>();
        update.newInputs().forEach((name, value) -> {
            if (declared.containsKey(name) || request.inputs().containsKey(name)) {
                inputs.put(name, value);
            }
        });
        try {
            return DeploymentPreparation.prepare(
                    blueprint,
                    request.correctsTypes() ? InputCorrection.corrected(declared, inputs) : inputs,
                    update.atRunTimeOnly(),
                    new SeenByCaller(deployments, suffixes, caller),
                    things.by(caller));
        } catch (RefusedDeployment e) {
            throw new ManagerException(e.code(), e.asReported(), e.hint(), e);
        }
    }

    /** Those of the blueprint that the deployment does not have. */
    private List<Label> labels(
            Map<String, @Nullable Object> row,
            NodeRecords.Owner owner,
            String blueprintId,
            PreparedDeployment prepared,
            CallerIdentity caller) {
        String id = owner.deploymentId();
        String displayName = row.get("display_name") instanceof String text ? text : null;
        String createdBy = row.get("created_by") instanceof String text ? text : caller.username();
        List<Label> labels = new BlueprintLabels(owner.tenant(), id, blueprintId, displayName, createdBy).of(prepared);
        List<String> parents = Label.parents(labels);
        CreateDeployment.requireThere(parents, deployments, caller);
        ChangeDeployment.requireNoCircle(owner.tenant(), id, parents, deployments);
        return labels;
    }

    private void checkDependencies(NodeRecords.Owner owner, PreparedDeployment prepared, CallerIdentity caller) {
        for (String target : Set.copyOf(prepared.dependencies().values())) {
            if (deployments.find(target, caller).isPresent()
                    && dependencies.needs(owner.tenant(), target, owner.deploymentId())) {
                throw circle(owner.deploymentId(), target);
            }
        }
    }

    static ManagerException circle(String deployment, String target) {
        return new ManagerException(
                ErrorCode.CONFLICT,
                "cyclic dependency between deployments " + deployment + " and " + target,
                "take the function get_capability of " + target + " out of the blueprint");
    }
}
