package io.holdfast.scheduler.executions.app;

import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import io.holdfast.scheduler.executions.Leases;
import io.holdfast.scheduler.executions.Leases.Lapse;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What becomes of executions whose worker is silent: one that is being cancelled is cancelled, one that runs is handed to another
 * worker, or failed after some of those. An answer that comes later is refused by its token.
 */
@ApplicationScoped
public class SettleLapsed {

    private static final Logger LOG = Logger.getLogger(SettleLapsed.class);
    private static final int AT_ONCE = 1_000;

    private final Executions executions;
    private final Leases leases;
    private final LeaseConfig config;
    private final Changes changes;

    SettleLapsed(Executions executions, Leases leases, LeaseConfig config, Changes changes) {
        this.executions = executions;
        this.leases = leases;
        this.config = config;
        this.changes = changes;
    }

    /** Some of those whose lease has run out. One statement, in no transaction of its own. */
    public List<Lapse> find() {
        return leases.lapsed(AT_ONCE);
    }

    /** Does what is to be done about one that is started or being cancelled; nothing if it has moved on. */
    @Transactional
    public void settle(Lapse lapse) {
        Optional<Execution> locked = executions.lock(
                lapse.execution().tenantName(), lapse.execution().id());
        if (locked.isEmpty() || locked.get().status() != lapse.status() || !leases.isLapsed(lapse.execution())) {
            return;
        }
        Execution execution = locked.get();
        Instant now = executions.now();
        if (execution.status() != ExecutionStatus.STARTED) {
            changes.ended(execution, ExecutionStatus.CANCELLED, execution.error(), null, now, null);
            LOG.infof("Execution %s is cancelled: no worker answered", execution.id());
        } else if (execution.turn().attempt() < config.attempts()) {
            Execution resumed = changes.resumed(execution, Changes.WORKER_LOST, now, null);
            LOG.warnf(
                    "The worker of execution %s sent no heartbeat for %s; another one resumes it (attempt %s of %s)",
                    execution.id(), config.heartbeat(), resumed.turn().attempt(), config.attempts());
        } else {
            changes.ended(
                    execution,
                    ExecutionStatus.FAILED,
                    "The worker was lost: no heartbeat for "
                            + config.heartbeat().toSeconds() + " s, in attempt "
                            + execution.turn().attempt() + " of " + config.attempts(),
                    Changes.WORKER_LOST,
                    now,
                    null);
            LOG.warnf("Execution %s failed: its worker was lost in its last attempt", execution.id());
        }
    }
}
