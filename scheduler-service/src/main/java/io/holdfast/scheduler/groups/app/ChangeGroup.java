package io.holdfast.scheduler.groups.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.scheduler.executions.Action;
import io.holdfast.scheduler.executions.Executions;
import io.holdfast.scheduler.executions.app.ChangeExecution;
import io.holdfast.scheduler.limits.Limit;
import io.holdfast.scheduler.limits.app.ChangeLimits;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Cancels, kills or resumes the executions of a group, and changes how many of them run at once. */
@ApplicationScoped
public class ChangeGroup {

    private static final int MOST_AT_ONCE = 1_000_000;

    private final GroupRecords records;
    private final Executions executions;
    private final ChangeExecution change;
    private final ChangeLimits limits;
    private final DeploymentGroups groups;

    ChangeGroup(
            GroupRecords records,
            Executions executions,
            ChangeExecution change,
            ChangeLimits limits,
            DeploymentGroups groups) {
        this.groups = groups;
        this.records = records;
        this.executions = executions;
        this.change = change;
        this.limits = limits;
    }

    /**
     * Does it to every execution that its status allows it for and that the user may see; the others stay as they are. Of those that are
     * resumed, no more run at once than the group's concurrency. Those in components' deployments follow.
     */
    public void actAs(CallerIdentity caller, String tenantName, String id, Action action) {
        QuarkusTransaction.requiringNew()
                .timeout(StartGroup.LONGEST_SECONDS)
                .run(() -> act(caller, tenantName, id, action));
    }

    private void act(CallerIdentity caller, String tenantName, String id, Action action) {
        List<String> members = members(tenantName, id);
        if (action.isResume()) {
            // Its limit went when the last of them had ended.
            records.concurrency(tenantName, id)
                    .filter(concurrency -> hasOwn(tenantName, id, members))
                    .ifPresent(concurrency -> limits.put(limit(tenantName, id, concurrency)));
            change.resumeInTurn(caller, tenantName, members, action);
        } else {
            change.actOnAll(caller, tenantName, members, action);
        }
    }

    @Transactional
    public void concurrency(String tenantName, String id, int concurrency) {
        requireConcurrency(concurrency);
        members(tenantName, id);
        records.concurrency(tenantName, id, concurrency);
        if (records.hasUnfinished(tenantName, StartGroup.key(id))) {
            limits.put(limit(tenantName, id, concurrency));
        }
    }

    private static Limit limit(String tenantName, String id, int concurrency) {
        return new Limit(tenantName, StartGroup.key(id), concurrency, null, null);
    }

    /** Executions that were put into it from elsewhere do not have its key, and would never take its limit away. */
    private boolean hasOwn(String tenantName, String id, List<String> members) {
        return members.stream()
                .flatMap(member -> executions.find(tenantName, member).stream())
                .anyMatch(execution ->
                        id.equals(StartGroup.groupOf(execution.turn().concurrencyKey())));
    }

    /**
     * Says which deployment groups deployments join as their executions end.
     *
     * @throws ManagerException NOT_FOUND where the caller sees no such group, of either kind
     */
    @Transactional
    public void outcomes(
            String tenantName, String id, UnaryOperator<FollowGroup.Outcomes> changed, CallerIdentity caller) {
        FollowGroup.Outcomes before = records.outcomes(tenantName, id).orElseThrow(() -> missing(id));
        FollowGroup.Outcomes outcomes = changed.apply(before);
        Stream.of(outcomes.success(), outcomes.failure())
                .filter(Objects::nonNull)
                .forEach(group -> groups.get(group, caller));
        records.outcomes(tenantName, id, outcomes);
    }

    private List<String> members(String tenantName, String id) {
        return records.members(tenantName, id).orElseThrow(() -> missing(id));
    }

    private static ManagerException missing(String id) {
        return new ManagerException(
                ErrorCode.NOT_FOUND, "Requested `ExecutionGroup` with ID `" + id + "` was not found", null);
    }

    static void requireConcurrency(int concurrency) {
        if (concurrency < 0 || concurrency > MOST_AT_ONCE) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "concurrency is " + concurrency + ", expected how many executions may run at once: 0 to "
                            + MOST_AT_ONCE,
                    "0 holds them all until it is raised");
        }
    }
}
