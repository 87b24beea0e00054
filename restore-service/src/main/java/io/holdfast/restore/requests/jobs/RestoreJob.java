package io.holdfast.restore.requests.jobs;

import io.holdfast.restore.requests.app.TendRestores;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** One thread that tends restores: woken by requests, and every two seconds for those of dead instances. */
@ApplicationScoped
public class RestoreJob {

    private static final Logger LOG = Logger.getLogger(RestoreJob.class);

    private final TendRestores tend;
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread created = new Thread(task, "holdfast-restore");
        created.setDaemon(true);
        return created;
    });

    RestoreJob(TendRestores tend) {
        this.tend = tend;
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

    @Scheduled(every = "2s", delayed = "1s", identity = "restore-tend")
    void now() {
        wake();
    }

    void stop(@Observes ShutdownEvent end) {
        thread.shutdownNow();
    }

    private void run() {
        waiting.set(false);
        try {
            tend.tend();
        } catch (RuntimeException e) {
            LOG.warnf("Restores could not be tended: %s", e);
        }
    }
}
