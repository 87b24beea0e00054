package io.holdfast.scheduler.executions.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.scheduler.executions.Blueprints;
import io.holdfast.scheduler.executions.DeploymentFacts;
import io.holdfast.scheduler.executions.Deployments;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionGroups;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import io.holdfast.scheduler.executions.ScheduledTime;
import io.holdfast.scheduler.executions.Submission;
import io.holdfast.scheduler.executions.Turns;
import io.holdfast.scheduler.executions.WorkflowParameters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Accepts a workflow to run: now, later, or when its turn comes. */
@ApplicationScoped
public class SubmitExecution {

    private static final Logger LOG = Logger.getLogger(SubmitExecution.class);

    /** Workflows that take away, for a time or for good, what other deployments may use. */
    private static final Set<String> DISTURBING =
            Set.of("stop", "uninstall", "update", "csys_new_deployment_update", "heal");

    private static final String CREATION = "create_deployment_environment";

    private static final String UPLOAD = "upload_blueprint";

    /** Workflows of the manager itself, which has executions of them that no deployment declares. Source: the existing product. */
    private static final Set<String> SYSTEM_WORKFLOWS = Set.of(
            CREATION,
            "delete_deployment_environment",
            UPLOAD,
            DeploymentFacts.UPDATE,
            DeploymentFacts.UPDATE_IN_GROUP,
            "update_plugin",
            "uninstall_plugin",
            "create_snapshot",
            "restore_snapshot",
            "create_log_bundle");

    /** Beside administrators; who holds {@code execute_global_workflow} in the manager as it is shipped. */
    private static final String GLOBAL_WORKFLOWS_ROLE = "manager";

    private final Deployments deployments;
    private final Blueprints blueprints;
    private final Executions executions;
    private final Turns turns;
    private final LeaseConfig leases;
    private final Changes changes;
    private final ExecutionGroups groups;

    SubmitExecution(
            Deployments deployments,
            Blueprints blueprints,
            Executions executions,
            Turns turns,
            LeaseConfig leases,
            Changes changes,
            ExecutionGroups groups) {
        this.deployments = deployments;
        this.blueprints = blueprints;
        this.executions = executions;
        this.turns = turns;
        this.leases = leases;
        this.changes = changes;
        this.groups = groups;
    }

    /**
     * The new execution: {@code pending} with a start command on its way, {@code scheduled}, or {@code queued}. It is of its deployment's
     * tenant: those who may start workflows of other tenants' global deployments start them there. A cascading workflow is started in the
     * deployments of its components too, or nowhere. The update that {@code csys_update_deployment} starts belongs to the same execution
     * groups, has their room and begins when that one has ended.
     *
     * @throws ManagerException FORBIDDEN for the global deployment of another tenant
     */
    @Transactional
    public Execution submit(Submission submission, CallerIdentity caller) {
        Optional<Execution> starter = updateInGroup(submission, caller);
        if (starter.isEmpty()) {
            return submitAs(caller, submission);
        }
        Execution by = starter.get();
        Execution update = submitAs(caller, submission.inTurn(by.turn().concurrencyKey()));
        groups.joinThoseOf(by.tenantName(), by.id(), update.id());
        return update;
    }

    /** Whose worker starts this update. */
    private Optional<Execution> updateInGroup(Submission submission, CallerIdentity caller) {
        String id = caller.executionId();
        if (id == null || !submission.workflowId().equals(DeploymentFacts.UPDATE)) {
            return Optional.empty();
        }
        return executions
                .find(submission.tenantName(), id)
                .filter(execution -> execution.workflowId().equals(DeploymentFacts.UPDATE_IN_GROUP));
    }

    private Execution submitAs(CallerIdentity caller, Submission submission) {
        String deploymentId = submission.deploymentId();
        if (deploymentId == null) {
            return submit(submission, (DeploymentFacts) null);
        }
        DeploymentFacts deployment = deployments.get(deploymentId, submission.asksForAvailability());
        if (deployment.tenantName().equals(submission.tenantName())) {
            return submit(submission, deployment);
        }
        if (!caller.admin() && !caller.tenantRoles().contains(GLOBAL_WORKFLOWS_ROLE)) {
            throw otherTenants(caller.username(), deploymentId);
        }
        return submit(submission.in(deployment.tenantName()), deployment);
    }

    private static ManagerException otherTenants(String username, String deploymentId) {
        return new ManagerException(
                ErrorCode.FORBIDDEN,
                "User `" + username + "` is not allowed to execute workflows on a global deployment " + deploymentId
                        + " from a different tenant",
                null);
    }

    /** Of a deployment of the same tenant. */
    private Execution submit(Submission submission, @Nullable DeploymentFacts deployment) {
        Execution execution = add(submission, deployment, Set.of());
        if (!submission.isCarriedOver()) {
            if (deployment != null) {
                cascade(submission, deployment, execution, new LinkedHashSet<>(Set.of(deployment.id())));
            }
        } else if (deployment == null) {
            noteUpload(execution);
        } else {
            noteCreation(execution, deployment);
        }
        return execution;
    }

    /**
     * As {@link #submit(Submission, CallerIdentity)}, for one of many that have a concurrency key, in a deployment of the same tenant that has
     * been read already: it is queued until {@link #release}, and nothing is locked for it, since a database has no room for the locks of
     * thousands of deployments.
     *
     * @throws ManagerException as the other, but UNAVAILABLE_WORKFLOW
     */
    @Transactional
    public Execution enqueue(Submission submission, DeploymentFacts deployment) {
        Map<String, Object> parameters = parameters(submission, deployment, Set.of());
        Instant now = executions.now();
        Execution execution = execution(submission, deployment, parameters, ExecutionStatus.QUEUED, now, null);
        added(execution, now);
        cascade(submission, deployment, execution, new LinkedHashSet<>(Set.of(deployment.id())));
        return execution;
    }

    /**
     * As {@link Changes#releasedOfKey}, once all of them are queued.
     *
     * @param unavailable of them, those whose workflow is not available now
     * @throws ManagerException UNAVAILABLE_WORKFLOW where one of these was handed out: what waits may be available by then
     */
    @Transactional
    public void release(String tenantName, String concurrencyKey, List<Execution> unavailable) {
        changes.releasedOfKey(tenantName, concurrencyKey);
        for (Execution execution : unavailable) {
            executions
                    .find(tenantName, execution.id())
                    .filter(released -> released.status() == ExecutionStatus.PENDING)
                    .ifPresent(released -> {
                        throw unavailable(released.workflowId());
                    });
        }
    }

    /**
     * Starts a cascading workflow in the deployments of the components of the one that it was started in, and so on: with the same
     * parameters, in the same way and at the same time. Each waits for its turn by itself, outside the groups and keys of the first.
     *
     * @param reached ids of the deployments where it was started already
     */
    private void cascade(Submission submission, DeploymentFacts deployment, Execution execution, Set<String> reached) {
        DeploymentFacts.Workflow workflow = deployment.workflows().get(submission.workflowId());
        if (workflow == null || !workflow.cascading()) {
            return;
        }
        List<String> components = deployments
                .components(submission.tenantName(), List.of(deployment.id()))
                .getOrDefault(deployment.id(), List.of());
        Map<String, Object> parameters = execution.parameters();
        for (String id : components) {
            if (!reached.add(id)) {
                continue;
            }
            DeploymentFacts component = deployments.get(id, submission.asksForAvailability());
            if (!component.tenantName().equals(submission.tenantName())) {
                throw otherTenants(submission.submittedBy(), id);
            }
            Submission there = submission.inComponent(id, parameters == null ? Map.of() : parameters);
            cascade(there, component, add(there, component, reached), reached);
        }
    }

    /** What is carried over may be the execution that made the deployment; the later one counts. */
    private void noteCreation(Execution execution, DeploymentFacts deployment) {
        if (execution.workflowId().equals(CREATION) && replaces(execution, deployment.createExecutionId())) {
            deployments.madeBy(execution.tenantName(), deployment.id(), execution.id());
        }
    }

    /** It may be the execution that uploaded a blueprint, too. One of a blueprint that is gone is kept all the same. */
    private void noteUpload(Execution execution) {
        Map<String, Object> parameters = execution.parameters();
        if (!execution.workflowId().equals(UPLOAD)
                || parameters == null
                || !(parameters.get("blueprint_id") instanceof String blueprint)) {
            return;
        }
        Optional<Blueprints.Upload> upload = blueprints.upload(execution.tenantName(), blueprint);
        if (upload.isPresent() && replaces(execution, upload.get().executionId())) {
            blueprints.uploadedBy(execution.tenantName(), blueprint, execution.id());
        }
    }

    /** @param known the one that counts by now; null: none */
    private boolean replaces(Execution execution, @Nullable String known) {
        if (execution.id().equals(known)
                || execution.status() == ExecutionStatus.PENDING
                || execution.status().isWaiting()) {
            return false;
        }
        Instant startedAt = execution.startedAt();
        Optional<Execution> earlier = known == null ? Optional.empty() : executions.find(execution.tenantName(), known);
        Instant before = earlier.map(Execution::startedAt).orElse(null);
        return earlier.isEmpty() || before != null && startedAt != null && before.isBefore(startedAt);
    }

    /** @param reached ids of deployments in which the same workflow is started: that they depend on this one does not count */
    private Execution add(Submission submission, @Nullable DeploymentFacts deployment, Set<String> reached) {
        Map<String, Object> parameters = parameters(submission, deployment, reached);
        Instant now = executions.now();
        Instant due = due(submission, now);
        ExecutionStatus status = status(submission, due);
        Execution execution = execution(submission, deployment, parameters, status, now, due);
        added(execution, now);
        if (status == ExecutionStatus.SCHEDULED) {
            executions.announceDue();
        }
        if (status == ExecutionStatus.QUEUED
                && !submission.isCarriedOver()
                && turns.release(execution.tenantName(), execution.id(), leases.start()) == 1) {
            execution = executions.find(execution.tenantName(), execution.id()).orElseThrow();
        }
        if (execution.status() == ExecutionStatus.PENDING) {
            requireAvailable(submission, deployment);
        }
        LOG.infof(
                "Execution %s of %s accepted in tenant %s: %s",
                execution.id(),
                execution.workflowId(),
                execution.tenantName(),
                execution.status().wireName());
        return execution;
    }

    private void added(Execution execution, Instant now) {
        if (!changes.added(execution, now)) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    shown(execution) + " already exists on <Tenant name=`" + execution.tenantName()
                            + "`> or with global visibility",
                    null);
        }
    }

    /**
     * What the execution would run with.
     *
     * @throws ManagerException DEPLOYMENT_CREATION, DEPLOYMENT_ENVIRONMENT_CREATION_PENDING or _IN_PROGRESS for a deployment that is not made,
     *     NONEXISTENT_WORKFLOW, ILLEGAL_EXECUTION_PARAMETERS, or DEPENDENT_EXISTS for workflows that would disturb others
     */
    private Map<String, Object> parameters(
            Submission submission, @Nullable DeploymentFacts deployment, Set<String> reached) {
        if (deployment == null) {
            return submission.parameters();
        }
        if (submission.isCarriedOver()) {
            return isChecked(submission, deployment) ? merged(submission, deployment) : submission.parameters();
        }
        requireMade(submission.tenantName(), deployment);
        Map<String, Object> merged = merged(submission, deployment);
        requireNoDependents(submission, deployment, reached);
        return merged;
    }

    private Map<String, Object> merged(Submission submission, DeploymentFacts deployment) {
        DeploymentFacts.Workflow workflow = deployment
                .workflow(submission.workflowId())
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.NONEXISTENT_WORKFLOW,
                        "Workflow " + submission.workflowId() + " does not exist in the deployment " + deployment.id(),
                        null));
        return WorkflowParameters.merge(
                workflow,
                submission.parameters(),
                allowsCustomParameters(submission, deployment),
                deployments.things(deployment.id()));
    }

    /** As in the existing product, except where nobody declares the workflow: in a deployment without any, or of the manager itself. */
    private static boolean isChecked(Submission submission, DeploymentFacts deployment) {
        return !deployment.workflows().isEmpty()
                && (deployment.workflows().containsKey(submission.workflowId())
                        || !SYSTEM_WORKFLOWS.contains(submission.workflowId()));
    }

    private static boolean allowsCustomParameters(Submission submission, @Nullable DeploymentFacts deployment) {
        return submission.allowCustomParameters()
                || deployment != null && !submission.isCarriedOver() && deployment.isBuiltIn(submission.workflowId());
    }

    /** What waits, for its time or for others, may be available by then; it is looked at last, as in the existing API. */
    private static void requireAvailable(Submission submission, @Nullable DeploymentFacts deployment) {
        if (deployment != null && !isAvailable(submission, deployment)) {
            throw unavailable(submission.workflowId());
        }
    }

    /** Whether it may start now; of what was not asked for that, always. */
    public static boolean isAvailable(Submission submission, DeploymentFacts deployment) {
        return !submission.asksForAvailability()
                || deployment
                        .workflow(submission.workflowId())
                        .filter(workflow -> !workflow.available())
                        .isEmpty();
    }

    private static ManagerException unavailable(String workflowId) {
        return new ManagerException(
                ErrorCode.UNAVAILABLE_WORKFLOW,
                "Workflow not available: " + workflowId,
                "its availability_rules do not fit the deployment's node instances; to start it anyway, pass force=true");
    }

    /** Nothing is started on a deployment before the execution that creates it has ended well; if that was deleted, it is not asked for. */
    private void requireMade(String tenant, DeploymentFacts deployment) {
        String made = deployment.createExecutionId();
        if (made != null) {
            executions.find(tenant, made).ifPresent(creation -> requireMade(deployment.id(), creation));
        }
    }

    private static void requireMade(String deployment, Execution creation) {
        String refused = "Can't launch executions since ";
        switch (creation.status()) {
            case TERMINATED -> {}
            case PENDING ->
                throw new ManagerException(
                        ErrorCode.DEPLOYMENT_ENVIRONMENT_CREATION_PENDING,
                        "Deployment environment creation is still pending, try again in a minute",
                        null);
            case STARTED ->
                throw new ManagerException(
                        ErrorCode.DEPLOYMENT_ENVIRONMENT_CREATION_IN_PROGRESS,
                        "Deployment environment creation is still in progress, try again in a minute",
                        null);
            case FAILED -> {
                String error = creation.error();
                String[] lines = (error == null ? "" : error.strip()).split("\n");
                throw notMade(refused + "environment creation for deployment " + deployment + " has failed: "
                        + lines[lines.length - 1]);
            }
            case CANCELLED, CANCELLING, FORCE_CANCELLING ->
                throw notMade(refused + "the environment creation for deployment " + deployment
                        + " has been cancelled [status=" + creation.status().wireName() + "]");
            default ->
                throw notMade("Unexpected deployment status for deployment " + deployment + " [status="
                        + creation.status().wireName() + "]");
        }
    }

    private static ManagerException notMade(String detail) {
        return new ManagerException(ErrorCode.DEPLOYMENT_CREATION, detail, "create the deployment again");
    }

    private void requireNoDependents(Submission submission, DeploymentFacts deployment, Set<String> reached) {
        if (!DISTURBING.contains(submission.workflowId()) || submission.force()) {
            return;
        }
        String dependents = deployments.dependents(deployment.id(), reached, !uninstallsServices(submission));
        if (!dependents.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.DEPENDENT_EXISTS,
                    "Can't execute workflow `" + submission.workflowId() + "` on deployment " + deployment.id()
                            + " - the following existing installations depend on it:\n" + dependents,
                    "end these first, or pass force=true");
        }
    }

    /** These depend on the deployment for as long as they are there only: they go first. */
    private static boolean uninstallsServices(Submission submission) {
        return submission.workflowId().equals("uninstall")
                && "true"
                        .equalsIgnoreCase(String.valueOf(submission.parameters().get("recursive")));
    }

    private static @Nullable Instant due(Submission submission, Instant now) {
        String scheduledTime = submission.scheduledTime();
        if (scheduledTime == null) {
            return null;
        }
        if (submission.isCarriedOver()) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS, "A status cannot be forced when scheduling an execution.", null);
        }
        return ScheduledTime.parse(scheduledTime, now);
    }

    private ExecutionStatus status(Submission submission, @Nullable Instant due) {
        ExecutionStatus forced = submission.carryOver().forceStatus();
        if (forced != null) {
            return forced;
        }
        if (due != null) {
            return ExecutionStatus.SCHEDULED;
        }
        if (executions.blockingSystemWorkflowRuns()) {
            return ExecutionStatus.QUEUED;
        }
        ExecutionStatus unlessBusy = executions.isLimited(submission.tenantName(), submission.concurrencyKey())
                ? ExecutionStatus.QUEUED
                : ExecutionStatus.PENDING;
        String deploymentId = submission.deploymentId();
        if (deploymentId == null || submission.force()) {
            return unlessBusy;
        }
        executions.lockDeployment(submission.tenantName(), deploymentId);
        List<String> busy = executions.busy(submission.tenantName(), deploymentId);
        if (busy.isEmpty()) {
            return unlessBusy;
        }
        if (submission.queue()) {
            return ExecutionStatus.QUEUED;
        }
        throw new ManagerException(
                ErrorCode.EXISTING_RUNNING_EXECUTION,
                "The following executions are currently running for this deployment: "
                        + busy.stream()
                                .flatMap(id -> executions.find(submission.tenantName(), id).stream())
                                .map(SubmitExecution::shown)
                                .toList()
                        + ". To execute this workflow anyway, pass \"force=true\" as a query parameter to this request",
                null);
    }

    private static String shown(Execution execution) {
        return "<Execution id=`" + execution.id() + "` tenant=`" + execution.tenantName() + "` status=`"
                + execution.status().wireName() + "` workflow_id=`" + execution.workflowId() + "`>";
    }

    private Execution execution(
            Submission submission,
            @Nullable DeploymentFacts deployment,
            Map<String, Object> parameters,
            ExecutionStatus status,
            Instant now,
            @Nullable Instant due) {
        Submission.CarryOver carried = submission.carryOver();
        String id = carried.id();
        String createdBy = carried.createdBy();
        Instant createdAt = carried.createdAt();
        boolean dispatched = status == ExecutionStatus.PENDING && !submission.isCarriedOver();
        return new Execution(
                submission.tenantName(),
                id == null ? UUID.randomUUID().toString() : id,
                submission.workflowId(),
                deployment == null ? null : deployment.id(),
                deployment == null ? null : deployment.displayName(),
                blueprint(submission, deployment),
                status,
                parameters,
                carried.systemWorkflow(),
                submission.dryRun(),
                allowsCustomParameters(submission, deployment),
                false,
                submission.waitAfterFail(),
                carried.error(),
                null,
                null,
                due,
                createdAt == null ? now : createdAt,
                carried.startedAt(),
                carried.endedAt(),
                visibility(carried, deployment),
                createdBy == null ? submission.submittedBy() : createdBy,
                dispatched ? UUID.randomUUID().toString() : null,
                executions.epoch(),
                new Execution.Turn(
                        submission.priority(),
                        submission.concurrencyKey(),
                        submission.force(),
                        null,
                        null,
                        dispatched ? 1 : 0));
    }

    private static @Nullable String blueprint(Submission submission, @Nullable DeploymentFacts deployment) {
        String updatedTo = submission.blueprintId();
        if (deployment == null) {
            return null;
        }
        return updatedTo == null ? deployment.blueprintId() : updatedTo;
    }

    private static String visibility(Submission.CarryOver carried, @Nullable DeploymentFacts deployment) {
        if (deployment != null) {
            return deployment.visibility();
        }
        String given = carried.visibility();
        return given == null ? "tenant" : given;
    }
}
