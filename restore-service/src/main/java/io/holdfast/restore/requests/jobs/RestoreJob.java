package io.holdfast.restore.requests.jobs;

import io.holdfast.restore.requests.app.TendRestores;
import io.holdfast.role.NodeRole;
import io.holdfast.role.OnlyActive;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** One thread that tends restores: woken by requests, and every two seconds for those of dead instances. */
@ApplicationScoped
public class RestoreJob {

    /** While no restore is under way, one look in sixteen seconds is enough for those of an instance that died. */
    private static final int REST = 7;

    private static final Logger LOG = Logger.getLogger(RestoreJob.class);

    private final TendRestores tend;
    private final NodeRole role;
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread created = new Thread(task, "holdfast-restore");
        created.setDaemon(true);
        return created;
    });

    /** Turns that are left out; a request does not wait for one. */
    private final AtomicInteger resting = new AtomicInteger();

    RestoreJob(TendRestores tend, NodeRole role) {
        this.tend = tend;
        this.role = role;
    }

    /** Tends soon; returns at once. */
    public void wake() {
        if (!waiting.compareAndSet(false, true)) {
            return;
        }
        try {
            thread.execute(this::run);
        } catch (RejectedExecutionException e) {
            LOG.debug("No restore is begun while this instance ends");
        }
    }

    @Scheduled(every = "2s", delayed = "1s", identity = "restore-tend", skipExecutionIf = OnlyActive.class)
    void now() {
        if (resting.getAndUpdate(turns -> Math.max(0, turns - 1)) == 0) {
            wake();
        }
    }

    void stop(@Observes ShutdownEvent end) {
        thread.shutdownNow();
    }

    private void run() {
        waiting.set(false);
        if (!role.isActive()) {
            return;
        }
        try {
            resting.set(tend.tend() ? 0 : REST);
        } catch (RuntimeException e) {
            LOG.warnf("Restores could not be tended: %s", e);
        }
    }
}
