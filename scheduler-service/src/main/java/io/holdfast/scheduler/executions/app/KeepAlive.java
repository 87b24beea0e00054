package io.holdfast.scheduler.executions.app;

import io.holdfast.contracts.events.SchedulerCommand.RecordHeartbeat;
import io.holdfast.scheduler.executions.Executions.Ref;
import io.holdfast.scheduler.executions.Leases;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jboss.logging.Logger;

/** Takes the heartbeats of workers. From the first one on an execution has a lease; a worker that never sends one has none to lose. */
@ApplicationScoped
public class KeepAlive {

    private static final Logger LOG = Logger.getLogger(KeepAlive.class);

    private final Leases leases;
    private final LeaseConfig config;

    KeepAlive(Leases leases, LeaseConfig config) {
        this.leases = leases;
        this.config = config;
    }

    /** Refused, without a word to the worker, if it does not hold the execution any more. */
    @Transactional
    public void prolong(RecordHeartbeat heartbeat) {
        Ref execution = new Ref(heartbeat.tenantName(), heartbeat.executionId());
        if (!leases.prolong(execution, heartbeat.token(), heartbeat.epoch(), config.heartbeat())) {
            LOG.debugf(
                    "Heartbeat of execution %s is refused: it is over, of an earlier dispatch or from before a restore",
                    heartbeat.executionId());
        }
    }
}
