package io.holdfast.scheduler.groups.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.scheduler.executions.DeploymentFacts;
import io.holdfast.scheduler.executions.Deployments;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.Executions;
import io.holdfast.scheduler.executions.Submission;
import io.holdfast.scheduler.executions.app.SubmitExecution;
import io.holdfast.scheduler.journal.Journal;
import io.holdfast.scheduler.journal.Line;
import io.holdfast.scheduler.limits.Limit;
import io.holdfast.scheduler.limits.Limits;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts a workflow in every deployment of a deployment group, or in none. How many of them run at once is held by a concurrency key of
 * the group's own; a deployment that is busy is waited for.
 */
@ApplicationScoped
public class StartGroup {

    private static final Logger LOG = Logger.getLogger(StartGroup.class);

    private static final String KEY_PREFIX = "execution-group:";

    /**
     * @param defaultParameters of all executions
     * @param parameters of the executions of single deployments, by their ids; they go before the defaults
     * @param waitAfterFail as of executions
     * @param existing ids of executions to be put into the group; then nothing is started
     * @param id null: a new one
     * @param createdBy null: the caller
     * @param createdAt null: now
     */
    public record Request(
            String deploymentGroupId,
            String workflowId,
            Map<String, Object> defaultParameters,
            Map<String, Map<String, Object>> parameters,
            boolean force,
            @Nullable Integer waitAfterFail,
            int concurrency,
            List<String> existing,
            @Nullable String id,
            @Nullable String createdBy,
            @Nullable Instant createdAt) {}

    /** For a whole group, in one transaction: some milliseconds for each of tens of thousands of executions. */
    static final int LONGEST_SECONDS = 300;

    private final GroupRecords records;
    private final DeploymentGroups groups;
    private final Deployments deployments;
    private final Executions executions;
    private final SubmitExecution submit;
    private final Limits limits;
    private final Journal journal;

    StartGroup(
            GroupRecords records,
            DeploymentGroups groups,
            Deployments deployments,
            Executions executions,
            SubmitExecution submit,
            Limits limits,
            Journal journal) {
        this.records = records;
        this.groups = groups;
        this.deployments = deployments;
        this.executions = executions;
        this.submit = submit;
        this.limits = limits;
        this.journal = journal;
    }

    /** The concurrency key of a group's executions. */
    public static String key(String groupId) {
        return KEY_PREFIX + groupId;
    }

    /** The group whose executions have this concurrency key; null: none. */
    static @Nullable String groupOf(@Nullable String key) {
        return key != null && key.startsWith(KEY_PREFIX) ? key.substring(KEY_PREFIX.length()) : null;
    }

    /**
     * The new group's id. Deployments that do not have the workflow are left out, and the group's log says so.
     *
     * @throws ManagerException ILLEGAL_EXECUTION_PARAMETERS or UNAVAILABLE_WORKFLOW where one of them cannot start it
     */
    public String start(Request request, CallerIdentity caller) {
        String tenant = Objects.requireNonNull(caller.tenant(), "an execution group has a tenant");
        ChangeGroup.requireConcurrency(request.concurrency());
        return QuarkusTransaction.requiringNew()
                .timeout(LONGEST_SECONDS)
                .call(() -> start(request, tenant, groups.get(request.deploymentGroupId(), caller), caller));
    }

    private String start(Request request, String tenant, DeploymentGroups.Facts facts, CallerIdentity caller) {
        String id = request.id() == null ? UUID.randomUUID().toString() : request.id();
        Instant now = executions.now();
        String createdBy = request.createdBy();
        Instant createdAt = request.createdAt();
        GroupRecords.Group group = new GroupRecords.Group(
                tenant,
                id,
                request.workflowId(),
                request.deploymentGroupId(),
                request.concurrency(),
                facts.visibility(),
                createdBy == null ? caller.username() : createdBy,
                createdAt == null ? now : createdAt);
        if (!records.add(group)) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "<ExecutionGroup id=`" + id + "` tenant=`" + tenant + "`> already exists on <Tenant name=`" + tenant
                            + "`> or with global visibility",
                    null);
        }
        if (request.existing().isEmpty()) {
            startAll(request, group, facts.deploymentIds(), now, caller);
        }
        for (String execution : request.existing()) {
            if (executions.find(tenant, execution).isEmpty()) {
                throw Executions.missing(execution);
            }
            records.addMember(group, execution);
        }
        return id;
    }

    private void startAll(
            Request request, GroupRecords.Group group, List<String> ids, Instant now, CallerIdentity caller) {
        String tenant = group.tenantName();
        List<Line> without = new ArrayList<>();
        List<Execution> unavailable = new ArrayList<>();
        for (String deploymentId : ids) {
            DeploymentFacts deployment = deployments.get(deploymentId, !request.force());
            if (deployment.workflow(request.workflowId()).isEmpty()) {
                without.add(missing(request.workflowId(), deploymentId, now));
                continue;
            }
            Submission submission = submission(request, tenant, group.id(), deploymentId, caller);
            Execution execution = submit.enqueue(submission, deployment);
            records.addMember(group, execution.id());
            if (!SubmitExecution.isAvailable(submission, deployment)) {
                unavailable.add(execution);
            }
        }
        int started = ids.size() - without.size();
        if (started > 0) {
            limits.put(new Limit(tenant, key(group.id()), request.concurrency(), null, null));
            submit.release(tenant, key(group.id()), unavailable);
        }
        LOG.infof(
                "Execution group %s of %s accepted in tenant %s: %d executions",
                group.id(), request.workflowId(), tenant, started);
        if (!without.isEmpty()) {
            journal.addToGroup(tenant, group.id(), without, null);
        }
    }

    private static Submission submission(
            Request request, String tenant, String groupId, String deploymentId, CallerIdentity caller) {
        Map<String, Object> parameters = new LinkedHashMap<>(request.defaultParameters());
        parameters.putAll(request.parameters().getOrDefault(deploymentId, Map.of()));
        return new Submission(
                tenant,
                caller.username(),
                deploymentId,
                request.workflowId(),
                parameters,
                false,
                request.force(),
                false,
                true,
                null,
                request.waitAfterFail(),
                Execution.Turn.DEFAULT_PRIORITY,
                key(groupId),
                null,
                Submission.CarryOver.NOTHING);
    }

    private static Line missing(String workflow, String deployment, Instant at) {
        return new Line(
                Line.LOG,
                at,
                null,
                null,
                "holdfast.scheduler",
                "info",
                "Workflow " + workflow + " does not exist in the deployment " + deployment,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
