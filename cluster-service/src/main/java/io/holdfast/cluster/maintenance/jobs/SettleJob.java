package io.holdfast.cluster.maintenance.jobs;

import io.holdfast.cluster.maintenance.GateStatus;
import io.holdfast.cluster.maintenance.app.ReadMaintenance;
import io.holdfast.role.OnlyActive;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** Lets maintenance become active when its last execution has ended, whether or not anybody asks. */
@ApplicationScoped
class SettleJob {

    private static final Logger LOG = Logger.getLogger(SettleJob.class);

    /** Turns that it stands out when nothing is on its way: any request makes the step that it would make. */
    private static final int REST = 7;

    private final ReadMaintenance readMaintenance;
    private final AtomicInteger resting = new AtomicInteger();

    SettleJob(ReadMaintenance readMaintenance) {
        this.readMaintenance = readMaintenance;
    }

    /** The API promises the step "on any request"; two seconds are as good to somebody who polls. */
    @Scheduled(
            every = "2s",
            delayed = "5s",
            identity = "cluster-settle-gate",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = OnlyActive.class)
    void settle() {
        if (resting.getAndUpdate(turns -> Math.max(0, turns - 1)) > 0) {
            return;
        }
        try {
            boolean onItsWay = readMaintenance.read().state().status() == GateStatus.ACTIVATING;
            resting.set(onItsWay ? 0 : REST);
        } catch (RuntimeException e) {
            // The next look is two seconds away; a stack trace for each while the database is down helps nobody.
            LOG.warnf("The maintenance gate could not be looked at: %s", e.getMessage());
        }
    }
}
