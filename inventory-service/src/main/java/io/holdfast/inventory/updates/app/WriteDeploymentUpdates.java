package io.holdfast.inventory.updates.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.app.ChangeDeployment;
import io.holdfast.inventory.deployments.app.Dependent;
import io.holdfast.inventory.resources.Refusals;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Begins updates of deployments and keeps what their workflow reports. What is new in a deployment, its worker writes: nodes, node
 * instances, and the deployment itself.
 */
@ApplicationScoped
public class WriteDeploymentUpdates {

    /** Source: the states that the existing API knows. */
    private static final Set<String> STATES =
            Set.of("updating", "executing_workflow", "finalizing", "successful", "failed", "preview", "no_change");

    /** The state of an update that is not prepared yet, and where there is none to prepare, of one that runs. */
    public static final String UPDATING = "updating";

    private static final String FAILED = "failed";
    private static final String SUCCESSFUL = "successful";

    private final DeploymentUpdateRecords records;
    private final UpdateExecutions executions;
    private final ChangeDeployment deployments;
    private final Clock clock;

    WriteDeploymentUpdates(
            DeploymentUpdateRecords records, UpdateExecutions executions, ChangeDeployment deployments, Clock clock) {
        this.records = records;
        this.executions = executions;
        this.deployments = deployments;
        this.clock = clock;
    }

    /**
     * What an update begins with.
     *
     * @param blueprintId null: the deployment's
     * @param inputs those that change
     * @param atRunTimeOnly null: as the deployment
     * @param options of the workflow, as sent
     */
    public record Beginning(
            String deploymentId,
            @Nullable String blueprintId,
            Map<String, @Nullable Object> inputs,
            @Nullable Boolean atRunTimeOnly,
            boolean force,
            Map<String, @Nullable Object> options) {}

    /**
     * Starts the workflow {@code update} of a deployment.
     *
     * @return the update's id
     * @throws ManagerException not_found_error; what the start of an execution is refused with: then nothing is kept, but where others
     *     depend on the deployment an update that has failed
     */
    public String initiate(Beginning wanted, CallerIdentity caller) {
        String id = wanted.deploymentId() + "-" + UUID.randomUUID();
        initiate(id, wanted, caller);
        return id;
    }

    /** The same under this id, once: an update that has its execution stays as it is. */
    public void initiate(String id, Beginning wanted, CallerIdentity caller) {
        requireBlueprint(wanted.blueprintId(), caller);
        DeploymentUpdateRecords.Before deployment = own(wanted.deploymentId(), caller);
        if (records.executionOf(deployment.tenant(), id).isPresent()) {
            return;
        }
        DeploymentUpdateRecords.Content content =
                beginning(deployment, wanted.blueprintId(), wanted.inputs(), wanted.atRunTimeOnly(), null);
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        parameters.put("update_id", id);
        parameters.put("blueprint_id", content.newBlueprintId());
        parameters.put("inputs", wanted.inputs());
        parameters.put("runtime_only_evaluation", content.atRunTimeOnly());
        parameters.put("force", wanted.force());
        parameters.putAll(wanted.options());
        // Before its execution: the worker asks for it at once.
        QuarkusTransaction.requiringNew()
                .run(() -> records.put(deployment, id, content, caller.username(), clock.instant()));
        try {
            String execution = executions.start(wanted.deploymentId(), parameters, wanted.force(), caller);
            QuarkusTransaction.requiringNew()
                    .run(() -> records.change(
                            deployment.tenant(), id, DeploymentUpdateRecords.Content.ofState(null, execution)));
        } catch (ManagerException e) {
            QuarkusTransaction.requiringNew().run(() -> {
                if (e.code() == ErrorCode.DEPENDENT_EXISTS) {
                    records.change(deployment.tenant(), id, DeploymentUpdateRecords.Content.ofState(FAILED, null));
                } else {
                    records.remove(deployment.tenant(), id);
                }
            });
            throw e;
        }
    }

    /**
     * Begins an update that an execution carries out which runs already. One that was begun before stays as it is.
     *
     * @param blueprintId null: the deployment's
     * @param inputs those that change
     * @param atRunTimeOnly null: as the deployment
     * @param force although others depend on the deployment
     * @throws ManagerException not_found_error; dependent_exists_error
     */
    @Transactional
    public void begin(
            String id,
            String deploymentId,
            String executionId,
            @Nullable String blueprintId,
            Map<String, @Nullable Object> inputs,
            @Nullable Boolean atRunTimeOnly,
            boolean force,
            CallerIdentity caller) {
        requireBlueprint(blueprintId, caller);
        DeploymentUpdateRecords.Before deployment = own(deploymentId, caller);
        List<Dependent> dependents = force ? List.of() : deployments.dependents(deploymentId, List.of(), true, caller);
        if (!dependents.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.DEPENDENT_EXISTS,
                    "Can't execute workflow `update` on deployment " + deploymentId
                            + " - the following existing installations depend on it:\n" + Dependent.list(dependents),
                    "end these first, or update with force");
        }
        records.add(
                deployment,
                id,
                beginning(deployment, blueprintId, inputs, atRunTimeOnly, executionId),
                caller.username(),
                clock.instant());
    }

    private static DeploymentUpdateRecords.Content beginning(
            DeploymentUpdateRecords.Before deployment,
            @Nullable String blueprintId,
            Map<String, @Nullable Object> inputs,
            @Nullable Boolean atRunTimeOnly,
            @Nullable String executionId) {
        Map<String, @Nullable Object> newInputs = new LinkedHashMap<>(deployment.inputs());
        newInputs.putAll(inputs);
        return new DeploymentUpdateRecords.Content(
                UPDATING,
                executionId,
                deployment.blueprintId(),
                blueprintId == null ? deployment.blueprintId() : blueprintId,
                deployment.inputs(),
                newInputs,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                atRunTimeOnly == null ? deployment.atRunTimeOnly() : atRunTimeOnly,
                null,
                null);
    }

    /**
     * The execution that an update is of.
     *
     * @param given null: the one that the caller calls for
     * @throws ManagerException forbidden_error where there is neither; not_found_error
     */
    public String executionOf(@Nullable String given, CallerIdentity caller) {
        String execution = given == null ? caller.executionId() : given;
        if (execution == null) {
            throw new ManagerException(
                    ErrorCode.FORBIDDEN,
                    "Deployment update objects can only be created by executions",
                    "give execution_id, or call with the token of an execution");
        }
        if (!executions.exists(tenantOf(caller), execution)) {
            throw Refusals.notFound("Execution", execution);
        }
        return execution;
    }

    private static String tenantOf(CallerIdentity caller) {
        return Objects.requireNonNull(caller.tenant(), "a deployment update has a tenant");
    }

    /**
     * Adds an update as its own execution tells of it, or as it was on another manager.
     *
     * @param executionId its {@link #executionOf execution}, whatever the content says
     * @param createdBy null: the caller
     * @param createdAt null: now
     */
    @Transactional
    public void put(
            String id,
            String deploymentId,
            String executionId,
            DeploymentUpdateRecords.Content content,
            @Nullable String createdBy,
            @Nullable Instant createdAt,
            CallerIdentity caller) {
        DeploymentUpdateRecords.Before deployment = own(deploymentId, caller);
        requireBlueprint(content.newBlueprintId(), caller);
        requireBlueprint(content.oldBlueprintId(), caller);
        requireState(content.state());
        records.put(
                deployment,
                id,
                content.with(
                        content.state() == null ? UPDATING : content.state(),
                        executionId,
                        content.oldBlueprintId() == null ? deployment.blueprintId() : content.oldBlueprintId(),
                        identifiedIfAny(content.steps())),
                createdBy == null ? caller.username() : createdBy,
                createdAt == null ? clock.instant() : createdAt);
    }

    /**
     * An update as it was on another manager, or in another tenant.
     *
     * @param tenant null: the caller's
     * @param createdBy null: the caller
     * @param createdAt null: now
     */
    public record CarriedOver(
            String id,
            String deploymentId,
            @Nullable String tenant,
            DeploymentUpdateRecords.Content content,
            @Nullable String createdBy,
            @Nullable Instant createdAt) {}

    /**
     * Adds all of these, or none.
     *
     * @throws ManagerException conflict_error where there is one of the same id; not_found_error, bad_parameters_error; forbidden_error for
     *     another tenant, if the caller is no administrator
     */
    @Transactional
    public void carryOver(List<CarriedOver> updates, CallerIdentity caller) {
        for (CarriedOver update : updates) {
            CallerIdentity there = update.tenant() == null ? caller : in(update.tenant(), caller);
            DeploymentUpdateRecords.Content content = update.content();
            requireBlueprint(content.oldBlueprintId(), there);
            requireBlueprint(content.newBlueprintId(), there);
            DeploymentUpdateRecords.Before deployment = own(update.deploymentId(), there);
            requireState(content.state());
            if (!records.add(
                    deployment,
                    update.id(),
                    content.withSteps(identifiedIfAny(content.steps())),
                    update.createdBy() == null ? caller.username() : update.createdBy(),
                    update.createdAt() == null ? clock.instant() : update.createdAt())) {
                throw Refusals.taken("DeploymentUpdate", update.id(), deployment.tenant());
            }
        }
    }

    private static CallerIdentity in(String tenant, CallerIdentity caller) {
        if (!caller.admin() && !tenant.equals(caller.tenant())) {
            throw ManagerException.notPermitted(caller.username(), "deployment_update_create", tenant);
        }
        return caller.in(tenant);
    }

    /** Gives an update what its workflow reports. */
    @Transactional
    public void change(String id, DeploymentUpdateRecords.Content content, CallerIdentity caller) {
        String tenant = tenantOf(caller);
        String deployment =
                records.deploymentOf(tenant, id).orElseThrow(() -> Refusals.notFound("DeploymentUpdate", id));
        requireState(content.state());
        records.change(tenant, id, content.withSteps(identifiedIfAny(content.steps())));
        if (SUCCESSFUL.equals(content.state())) {
            records.updated(tenant, deployment, clock.instant());
        }
    }

    private static @Nullable List<Map<String, @Nullable Object>> identifiedIfAny(
            @Nullable List<Map<String, @Nullable Object>> steps) {
        return steps == null ? null : identified(steps);
    }

    /** Each with an id. */
    static List<Map<String, @Nullable Object>> identified(List<Map<String, @Nullable Object>> steps) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (Map<String, @Nullable Object> step : steps) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>(step);
            one.putIfAbsent("id", UUID.randomUUID().toString());
            all.add(one);
        }
        return all;
    }

    private void requireBlueprint(@Nullable String id, CallerIdentity caller) {
        if (id != null && !records.hasBlueprint(id, caller)) {
            throw Refusals.notFound("Blueprint", id);
        }
    }

    private static void requireState(@Nullable String state) {
        if (state != null && !STATES.contains(state)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "Invalid deployment update state: `" + state + "`. Valid states are: "
                            + STATES.stream()
                                    .sorted()
                                    .map(name -> "'" + name + "'")
                                    .toList(),
                    null);
        }
    }

    private DeploymentUpdateRecords.Before own(String id, CallerIdentity caller) {
        DeploymentUpdateRecords.Before deployment =
                records.deployment(id, caller).orElseThrow(() -> Refusals.notFound("Deployment", id));
        Refusals.requireOwn(id, deployment.tenant(), caller.tenant());
        return deployment;
    }
}
