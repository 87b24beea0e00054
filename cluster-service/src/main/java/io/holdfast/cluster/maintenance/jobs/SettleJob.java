package io.holdfast.cluster.maintenance.jobs;

import io.holdfast.cluster.maintenance.app.ReadMaintenance;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Lets maintenance become active when its last execution has ended, whether or not anybody asks. */
@ApplicationScoped
class SettleJob {

    private static final Logger LOG = Logger.getLogger(SettleJob.class);

    private final ReadMaintenance readMaintenance;

    SettleJob(ReadMaintenance readMaintenance) {
        this.readMaintenance = readMaintenance;
    }

    /** The API promises the step "on any request"; two seconds are as good to somebody who polls. */
    @Scheduled(
            every = "2s",
            delayed = "5s",
            identity = "cluster-settle-gate",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void settle() {
        try {
            readMaintenance.read();
        } catch (RuntimeException e) {
            // The next look is two seconds away; a stack trace for each while the database is down helps nobody.
            LOG.warnf("The maintenance gate could not be looked at: %s", e.getMessage());
        }
    }
}
