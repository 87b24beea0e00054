package io.holdfast.scheduler.groups.app;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rows of execution groups, for writing. Every method joins the transaction at hand. */
public interface GroupRecords {

    /** @param concurrency how many of its executions may be active at once */
    record Group(
            String tenantName,
            String id,
            String workflowId,
            String deploymentGroupId,
            int concurrency,
            String visibility,
            String createdBy,
            Instant createdAt) {}

    /** A group that an execution is in, and the groups that its deployments join. */
    record Membership(String groupId, FollowGroup.Outcomes outcomes) {}

    /** False if the tenant has one of this id already. */
    boolean add(Group group);

    void addMember(Group group, String executionId);

    /** Puts an execution into all groups that another one is in. */
    void addMemberWith(String tenantName, String memberId, String executionId);

    /** The groups that an execution is in. */
    List<Membership> memberships(String tenantName, String executionId);

    /** Ids of its executions, the oldest first; empty if the tenant has no such group. */
    Optional<List<String>> members(String tenantName, String id);

    /** Empty if the tenant has no such group. */
    Optional<FollowGroup.Outcomes> outcomes(String tenantName, String id);

    void outcomes(String tenantName, String id, FollowGroup.Outcomes outcomes);

    /** Whether an execution with this concurrency key waits for its turn or runs. */
    boolean hasUnfinished(String tenantName, String concurrencyKey);

    /** Empty if the tenant has no such group, or none that says. */
    Optional<Integer> concurrency(String tenantName, String id);

    void concurrency(String tenantName, String id, int concurrency);

    /**
     * Removes the execution groups that were started from a deployment group, with what their own logs say, but not their executions: these
     * have no key of the group any more, as far as they have not ended. That deployments join this deployment group is forgotten, too.
     *
     * @return ids of those that were removed
     */
    List<String> removeOf(String tenantName, String deploymentGroupId);
}
