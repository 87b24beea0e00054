package io.holdfast.inventory.updates.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.dependencies.app.DependencyRecords;
import io.holdfast.inventory.deployments.DefaultSchedule;
import io.holdfast.inventory.deployments.app.DeploymentExecutions;
import io.holdfast.inventory.deployments.app.DeploymentRecords;
import io.holdfast.inventory.deployments.app.EvaluateFunctions;
import io.holdfast.inventory.language.DependencyFunction;
import io.holdfast.inventory.nodes.app.NodeRecords;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.updates.UpdatePlan;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Ends what {@link PrepareUpdate} began: the deployment becomes what it is to be, or what it was. */
@ApplicationScoped
public class EndUpdate {

    private static final String ID = "id";

    private final UpdateContents contents;
    private final DependencyRecords dependencies;
    private final DeploymentRecords deployments;
    private final DeploymentExecutions executions;
    private final EvaluateFunctions evaluate;
    private final ObjectMapper json;
    private final Clock clock;

    EndUpdate(
            UpdateContents contents,
            DependencyRecords dependencies,
            DeploymentRecords deployments,
            DeploymentExecutions executions,
            EvaluateFunctions evaluate,
            ObjectMapper json,
            Clock clock) {
        this.contents = contents;
        this.dependencies = dependencies;
        this.deployments = deployments;
        this.executions = executions;
        this.evaluate = evaluate;
        this.json = json;
        this.clock = clock;
    }

    /**
     * Takes away what is to go and makes the deployment what its new plan says. One that is finished already gets its schedules again.
     *
     * @return what could not be done about the schedules that the blueprint gives its deployments: a line each
     * @throws ManagerException not_found_error; conflict_error for an update that was not prepared
     */
    public List<String> finish(String id, CallerIdentity caller) {
        UpdateContents.Stored update = QuarkusTransaction.requiringNew().call(() -> finished(id, caller));
        List<String> refused = new ArrayList<>();
        for (DefaultSchedule schedule : DefaultSchedule.of(UpdatePlan.schedules(update.plan()), clock.instant())) {
            try {
                executions.reschedule(String.valueOf(update.deploymentId()), schedule, caller);
            } catch (ManagerException e) {
                if (e.code() == ErrorCode.SERVICE_UNAVAILABLE) {
                    throw e;
                }
                refused.add("The schedule `" + schedule.id() + "` of the blueprint was refused: " + e.detail());
            }
        }
        return refused;
    }

    private UpdateContents.Stored finished(String id, CallerIdentity caller) {
        String tenant = tenant(caller);
        UpdateContents.Stored update = locked(tenant, id);
        if (PrepareUpdate.SUCCESSFUL.equals(update.state())) {
            return update;
        }
        if (!update.prepared()) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "the update `" + id + "` is `" + update.state() + "`, and was not prepared",
                    "prepare it before it is finished");
        }
        NodeRecords.Owner owner = owner(tenant, update);
        contents.removeInstances(owner, UpdatePlan.removedInstances(update.instances()));
        contents.removeNodes(owner, UpdatePlan.removedNodes(update.nodes()));
        contents.putInstances(owner, UpdatePlan.instancesInTheEnd(contents.instances(owner), update.instances()));
        contents.putNodes(owner, UpdatePlan.nodesInTheEnd(contents.nodes(owner), update.plan()));
        contents.become(owner, UpdatePlan.toRow(update.plan()), clock.instant());
        contents.addLabels(owner, UpdatePlan.labels(update.plan()), caller.username(), clock.instant());
        depend(owner, UpdatePlan.dependencies(update.plan()), UpdatePlan.dependencyFunctions(update.plan()), caller);
        contents.end(tenant, id, PrepareUpdate.SUCCESSFUL);
        return update;
    }

    /** Those that functions made and make still stay as they are. */
    private void depend(
            NodeRecords.Owner owner,
            Map<String, String> named,
            Map<String, DependencyFunction> functions,
            CallerIdentity caller) {
        Map<String, String> wanted = new LinkedHashMap<>(named);
        wanted.putAll(evaluate.targets(owner.deploymentId(), functions, caller));
        Map<String, String> missing = new LinkedHashMap<>(wanted);
        List<String> gone = new ArrayList<>();
        for (UpdateContents.Needed present : contents.neededByFunctions(owner)) {
            if (Objects.equals(wanted.get(present.creator()), present.target())) {
                missing.remove(present.creator());
            } else {
                gone.add(present.id());
            }
        }
        dependencies.lock(owner.tenant());
        dependencies.remove(owner.tenant(), gone);
        missing.forEach((creator, target) -> {
            Optional<DeploymentRecords.Stored> found = deployments.find(target, caller);
            if (found.filter(one -> !one.tenant().equals(owner.tenant())).isPresent()) {
                dependencies.lock(DeploymentRecords.BETWEEN_TENANTS);
                found = deployments.find(target, caller);
            }
            if (found.isPresent()) {
                if (dependencies.needs(owner.tenant(), target, owner.deploymentId())) {
                    throw PrepareUpdate.circle(owner.deploymentId(), target);
                }
                DependencyFunction function = functions.get(creator);
                dependencies.add(
                        owner.tenant(),
                        DependencyRecords.Dependency.within(creator, owner.deploymentId(), target)
                                .by(function == null ? null : json.valueToTree(function.function())),
                        "tenant",
                        caller.username(),
                        clock.instant());
            }
        });
    }

    /**
     * Makes the nodes and instances of the deployment what they were before the update, which has failed. One that is over stays as it is.
     *
     * @throws ManagerException not_found_error
     */
    public void giveUp(String id, CallerIdentity caller) {
        QuarkusTransaction.requiringNew().run(() -> {
            String tenant = tenant(caller);
            UpdateContents.Stored update = locked(tenant, id);
            if (update.prepared()) {
                takeBack(owner(tenant, update), update);
                contents.end(tenant, id, PrepareUpdate.FAILED);
            } else if (PrepareUpdate.UPDATING.equals(update.state())) {
                contents.end(tenant, id, PrepareUpdate.FAILED);
            }
        });
    }

    /** In the transaction that runs. */
    void takeBack(NodeRecords.Owner owner, UpdateContents.Stored update) {
        List<Map<String, @Nullable Object>> instances = before(update.instances());
        List<Map<String, @Nullable Object>> nodes = before(update.nodes());
        contents.removeInstances(owner, others(contents.instances(owner), instances));
        contents.removeNodes(owner, others(contents.nodes(owner), nodes));
        contents.putNodes(owner, nodes);
        contents.putInstances(owner, instances);
    }

    private static List<Map<String, @Nullable Object>> before(Map<String, @Nullable Object> written) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Object row : written.get(UpdateContents.BEFORE) instanceof List<?> list ? list : List.of()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            if (row instanceof Map<?, ?> columns) {
                columns.forEach((name, value) -> one.put(String.valueOf(name), value));
            }
            rows.add(one);
        }
        return rows;
    }

    private static List<String> others(
            List<Map<String, @Nullable Object>> now, List<Map<String, @Nullable Object>> before) {
        Set<String> known = new HashSet<>();
        before.forEach(row -> known.add(String.valueOf(row.get(ID))));
        return now.stream()
                .map(row -> String.valueOf(row.get(ID)))
                .filter(id -> !known.contains(id))
                .toList();
    }

    private UpdateContents.Stored locked(String tenant, String id) {
        return contents.lock(tenant, id).orElseThrow(() -> Refusals.notFound("DeploymentUpdate", id));
    }

    private NodeRecords.Owner owner(String tenant, UpdateContents.Stored update) {
        String deployment = String.valueOf(update.deploymentId());
        Map<String, @Nullable Object> row = contents.lockDeployment(tenant, deployment)
                .orElseThrow(() -> Refusals.notFound("Deployment", deployment));
        return new NodeRecords.Owner(tenant, deployment, String.valueOf(row.get("visibility")));
    }

    private static String tenant(CallerIdentity caller) {
        return Objects.requireNonNull(caller.tenant(), "a deployment update has a tenant");
    }
}
