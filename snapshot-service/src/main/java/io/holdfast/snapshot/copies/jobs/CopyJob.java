package io.holdfast.snapshot.copies.jobs;

import io.holdfast.http.ServiceUrls;
import io.holdfast.role.ClusterConfig;
import io.holdfast.role.NodeRole;
import io.holdfast.snapshot.copies.app.KeepCopies;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** On every node of a cluster, active or not: a round each ten seconds, and at once when the role changes. */
@ApplicationScoped
class CopyJob {

    private static final Logger LOG = Logger.getLogger(CopyJob.class);
    private static final int EVERY_SECONDS = 10;

    private final KeepCopies copies;
    private final NodeRole role;
    private final ClusterConfig config;
    private final ServiceUrls urls;
    private @Nullable ScheduledExecutorService thread;
    private boolean failing;

    CopyJob(KeepCopies copies, NodeRole role, ClusterConfig config, ServiceUrls urls) {
        this.copies = copies;
        this.role = role;
        this.config = config;
        this.urls = urls;
    }

    void start(@Observes StartupEvent start) {
        if (!role.isClustered()) {
            return;
        }
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread created = new Thread(task, "snapshot-copies");
            created.setDaemon(true);
            return created;
        });
        thread = executor;
        executor.scheduleWithFixedDelay(this::round, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
        role.onChange(now -> executor.execute(this::round));
    }

    void stop(@Observes ShutdownEvent stop) {
        if (thread != null) {
            thread.shutdownNow();
        }
    }

    private void round() {
        try {
            copies.round(config.managerUrl().orElseGet(() -> URI.create(urls.of("snapshot"))));
            failing = false;
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                LOG.warnf("Archives of snapshots cannot be compared with the active node's: %s", e.getMessage());
            }
            failing = true;
        }
    }
}
