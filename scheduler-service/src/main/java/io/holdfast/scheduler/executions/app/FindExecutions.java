package io.holdfast.scheduler.executions.app;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.Executions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;

/** Answers what other services ask about executions. */
@ApplicationScoped
public class FindExecutions {

    private final Executions executions;

    FindExecutions(Executions executions) {
        this.executions = executions;
    }

    /** Those of {@code refs} that exist, in no order. */
    @Transactional
    public List<Execution> all(List<Executions.Ref> refs) {
        return executions.findAll(refs);
    }

    /** The newest one of each deployment, of those that do not wait for their turn or their time, in no order. */
    @Transactional
    public List<Execution> latest(List<Executions.Ref> deployments) {
        return executions.latestHandedOut(deployments);
    }

    /** What {@link #changed} found. @param now the database's time before it looked; @param epoch grows when a restore replaces all */
    public record Changed(List<Execution> latest, Instant now, long epoch) {}

    /** The newest executions of deployments where something changed since then, or changes now. */
    @Transactional
    public Changed changed(Instant since) {
        Instant now = executions.now();
        return new Changed(executions.latestChanged(since), now, executions.epoch());
    }

    /**
     * Whether nothing stands in the way of one that has not ended: no system workflow that must be alone, no execution of the same
     * deployment that came before it.
     *
     * @throws ManagerException NOT_FOUND
     */
    @Transactional
    public boolean mayRun(String tenantName, String id, CallerIdentity caller) {
        Execution execution = executions
                .find(tenantName, id)
                .filter(found -> found.isVisibleTo(caller.username(), caller.seesPrivate()))
                .orElseThrow(() -> Executions.missing(id));
        if (execution.status().isEnded() || executions.blockingSystemWorkflowRuns()) {
            return false;
        }
        String deployment = execution.deploymentId();
        List<String> busy = deployment == null ? List.of() : executions.busy(tenantName, deployment);
        return busy.isEmpty() || busy.get(0).equals(id);
    }

    /**
     * All that are neither ended nor scheduled, in all tenants. A scheduled one is not unfinished: it survives maintenance mode; nor is
     * a restore, which waits for the others.
     */
    @Transactional
    public List<Execution> unfinished() {
        return executions.unfinished();
    }
}
