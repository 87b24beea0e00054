package io.holdfast.restore.requests.jobs;

import io.holdfast.messaging.Wakeups;
import io.holdfast.restore.requests.app.TendRestores;
import io.holdfast.role.NodeRole;
import io.holdfast.role.OnlyActive;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** One thread that tends restores: woken by requests, and by the poll of the database while one is not over, for those of dead instances. */
@ApplicationScoped
public class RestoreJob {

    /** As {@link TendRestores} finds them. */
    private static final String NOT_OVER = "EXISTS (SELECT FROM restore_control.restores"
            + " WHERE status NOT IN ('completed', 'failed') OR gate_held OR NOT lines_logged)";

    private static final Logger LOG = Logger.getLogger(RestoreJob.class);

    private final TendRestores tend;
    private final NodeRole role;
    private final Wakeups wakeups;
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread created = new Thread(task, "holdfast-restore");
        created.setDaemon(true);
        return created;
    });

    RestoreJob(TendRestores tend, NodeRole role, Wakeups wakeups) {
        this.tend = tend;
        this.role = role;
        this.wakeups = wakeups;
    }

    void start(@Observes StartupEvent start) {
        wakeups.pollAlso("restores that are not over", NOT_OVER, this::wake);
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

    /** Should the poll ever be away: a look at whether there is one costs more than a column of it. */
    @Scheduled(every = "2m", delayed = "1s", identity = "restore-tend", skipExecutionIf = OnlyActive.class)
    void now() {
        wake();
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
            tend.tend();
        } catch (RuntimeException e) {
            LOG.warnf("Restores could not be tended: %s", e);
        }
    }
}
