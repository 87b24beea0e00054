package io.holdfast.cluster.maintenance.jobs;

import io.holdfast.cluster.maintenance.GateStatus;
import io.holdfast.cluster.maintenance.app.ReadMaintenance;
import io.holdfast.messaging.Wakeups;
import io.holdfast.role.OnlyActive;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** Lets maintenance become active when its last execution has ended, whether or not anybody asks. */
@ApplicationScoped
class SettleJob {

    private static final Logger LOG = Logger.getLogger(SettleJob.class);

    private static final String ON_ITS_WAY =
            "EXISTS (SELECT FROM cluster_control.gate WHERE operator_status = 'activating')";

    /** Turns that it stands out when nothing is on its way, so two minutes, unless the poll of the database says that something is. */
    private static final int REST = 59;

    private final ReadMaintenance readMaintenance;
    private final Wakeups wakeups;
    private final AtomicInteger resting = new AtomicInteger();

    SettleJob(ReadMaintenance readMaintenance, Wakeups wakeups) {
        this.readMaintenance = readMaintenance;
        this.wakeups = wakeups;
    }

    void start(@Observes StartupEvent start) {
        wakeups.pollAlso("maintenance mode that is being activated", ON_ITS_WAY, () -> resting.set(0));
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
