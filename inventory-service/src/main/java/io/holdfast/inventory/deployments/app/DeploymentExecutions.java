package io.holdfast.inventory.deployments.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.DefaultSchedule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is done with a deployment, shown as executions. */
public interface DeploymentExecutions {

    /** @param deployment that exists */
    void started(
            String tenant,
            String id,
            String workflow,
            String deployment,
            String createdBy,
            Map<String, @Nullable Object> parameters);

    /** @param lines in their order; none: nothing is done */
    void logged(String tenant, String id, List<String> lines);

    /** @param error null: it went well */
    void ended(String tenant, String id, @Nullable String error);

    /**
     * Adds a schedule of a deployment that exists, as the caller's.
     *
     * @throws io.holdfast.contracts.errors.ManagerException what the scheduler refuses it with; service_unavailable_error
     */
    void schedule(String deployment, DefaultSchedule schedule, CallerIdentity caller);

    /**
     * Adds a schedule of a deployment, or makes the one of this name what it says, as the caller's.
     *
     * @throws io.holdfast.contracts.errors.ManagerException as {@link #schedule}
     */
    void reschedule(String deployment, DefaultSchedule schedule, CallerIdentity caller);

    /**
     * Ids of the deployment's schedules.
     *
     * @throws io.holdfast.contracts.errors.ManagerException service_unavailable_error
     */
    List<String> schedules(String tenant, String deployment);

    /** Removes the schedules of a deployment that is gone. That they cannot be removed is logged: they start nothing any more. */
    void forgetSchedules(String tenant, String deployment);

    /**
     * Removes the events and logs of the deployment's executions.
     *
     * @throws io.holdfast.contracts.errors.ManagerException service_unavailable_error
     */
    void forgetLogs(String tenant, String deployment);

    /** Cancels the executions of the deployment that wait for their time. */
    void cancelScheduled(String tenant, String deployment);

    /** Ids of executions of the deployment that run or wait for their turn. */
    List<String> unfinished(String tenant, String deployment);
}
