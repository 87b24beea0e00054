package io.holdfast.scheduler.executions.app;

import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import org.jboss.logging.Logger;

/** Ends executions that were to be cancelled and whose worker does not answer; an answer that comes later is refused by its token. */
@ApplicationScoped
public class SweepCancelled {

    private static final Logger LOG = Logger.getLogger(SweepCancelled.class);

    private final Executions executions;
    private final Changes changes;

    SweepCancelled(Executions executions, Changes changes) {
        this.executions = executions;
        this.changes = changes;
    }

    @Scheduled(identity = "scheduler-sweep-cancelled", every = "30s", delayed = "30s")
    @Transactional
    public void sweep() {
        Instant now = executions.now();
        for (Execution execution : executions.lockUnansweredCancels(now)) {
            changes.ended(execution, ExecutionStatus.CANCELLED, execution.error(), null, now);
            LOG.infof("Execution %s is cancelled: no worker answered", execution.id());
        }
    }
}
