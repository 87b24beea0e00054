package io.holdfast.cluster.maintenance.jobs;

import io.holdfast.cluster.maintenance.app.ReadMaintenance;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;

/** Lets maintenance become active when its last execution has ended, whether or not anybody asks. */
@ApplicationScoped
class SettleJob {

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
        readMaintenance.read();
    }
}
