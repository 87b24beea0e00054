package io.holdfast.scheduler.groups.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.scheduler.executions.AfterExecution;
import io.holdfast.scheduler.executions.DeploymentFacts;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import io.holdfast.scheduler.limits.Limits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What the end of an execution means for the execution groups that it is in. The same end twice changes nothing. */
@ApplicationScoped
public class FollowGroup implements AfterExecution {

    private static final Logger LOG = Logger.getLogger(FollowGroup.class);

    private final GroupRecords records;
    private final Executions executions;
    private final DeploymentGroups deployments;
    private final Limits limits;

    FollowGroup(GroupRecords records, Executions executions, DeploymentGroups deployments, Limits limits) {
        this.records = records;
        this.executions = executions;
        this.deployments = deployments;
        this.limits = limits;
    }

    /**
     * Puts the deployment into the groups of those that went well, or of those that failed. With a group's last execution its limit goes,
     * which would stand among the limits for ever.
     */
    @Override
    @Transactional
    public void ended(String tenantName, String executionId) {
        List<GroupRecords.Membership> memberships = records.memberships(tenantName, executionId);
        if (memberships.isEmpty()) {
            return;
        }
        Optional<Execution> execution = executions.find(tenantName, executionId);
        for (GroupRecords.Membership membership : memberships) {
            execution.ifPresent(ended -> join(tenantName, ended, membership.outcomes()));
            String key = StartGroup.key(membership.groupId());
            if (!records.hasUnfinished(tenantName, key)) {
                limits.remove(tenantName, key);
            }
        }
    }

    /**
     * Does the same for what has ended before.
     *
     * @param joined groups for those that are to join now
     */
    @Transactional
    public void joinEnded(String tenantName, String group, Outcomes joined) {
        for (String member : records.members(tenantName, group).orElse(List.of())) {
            executions.find(tenantName, member).ifPresent(execution -> join(tenantName, execution, joined));
        }
    }

    private void join(String tenantName, Execution execution, Outcomes outcomes) {
        String deployment = execution.deploymentId();
        if (deployment != null && !startedAnotherInstead(execution)) {
            outcomes.of(execution.status()).ifPresent(grown -> extend(tenantName, grown, deployment));
        }
    }

    /** Its deployment's update is an execution of its own in the same groups, and tells how it went. */
    private static boolean startedAnotherInstead(Execution execution) {
        return execution.workflowId().equals(DeploymentFacts.UPDATE_IN_GROUP)
                && execution.status() == ExecutionStatus.TERMINATED;
    }

    private void extend(String tenantName, String deploymentGroup, String deployment) {
        try {
            deployments.extend(tenantName, deploymentGroup, deployment);
        } catch (ManagerException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            LOG.warnf("Deployment %s does not join group %s: %s", deployment, deploymentGroup, e.detail());
        }
    }

    /**
     * The deployment groups that deployments join as their executions end.
     *
     * @param success null: none; the same for {@code failure}
     */
    public record Outcomes(
            @Nullable String success, @Nullable String failure) {

        Optional<String> of(ExecutionStatus status) {
            return switch (status) {
                case TERMINATED -> Optional.ofNullable(success);
                case FAILED -> Optional.ofNullable(failure);
                default -> Optional.empty();
            };
        }
    }
}
