package io.holdfast.snapshot.bundles.app;

import io.holdfast.messaging.Wakeups;
import io.holdfast.role.NodeRole;
import io.holdfast.snapshot.bundles.BundleExecutions;
import io.holdfast.snapshot.bundles.LogBundle;
import io.holdfast.snapshot.catalogue.SnapshotStatus;
import io.holdfast.snapshot.store.ArchiveStore;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes one log bundle after the other in a thread of its own, tells the scheduler how each ended, and removes those that are too many.
 * All that it must not forget is in the catalogue. One attempt is all that a bundle gets: whoever wants one looks for a fault now.
 */
@ApplicationScoped
public class BundleBuilder {

    private static final Logger LOG = Logger.getLogger(BundleBuilder.class);

    /** After the database and the store are there. */
    private static final int AFTER_STORE = 3000;

    private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(10);

    /** A safety net below the poll of {@code holdfast.messaging.poll-interval}. */
    private static final Duration POLL = Duration.ofMinutes(5);

    private static final String OPEN =
            "EXISTS (SELECT FROM snapshot_control.log_bundles WHERE NOT told OR status = 'creating'"
                    + " AND (claimed_by IS NULL OR claimed_at < statement_timestamp() - %d * interval '1 millisecond'))";

    private final BundleSteps steps;
    private final GatherBundle gather;
    private final ArchiveStore store;
    private final BundleExecutions executions;
    private final NodeRole role;
    private final Wakeups wakeups;
    private final BundlesConfig config;
    private final Semaphore work = new Semaphore(0);
    private volatile boolean stopping;
    private @Nullable Thread thread;

    BundleBuilder(
            BundleSteps steps,
            GatherBundle gather,
            @Identifier(Bundles.STORE) ArchiveStore store,
            BundleExecutions executions,
            NodeRole role,
            Wakeups wakeups,
            BundlesConfig config) {
        this.steps = steps;
        this.gather = gather;
        this.store = store;
        this.executions = executions;
        this.role = role;
        this.wakeups = wakeups;
        this.config = config;
    }

    void start(@Observes @Priority(AFTER_STORE) StartupEvent start) {
        if (config.keep() < 1) {
            throw new IllegalArgumentException("holdfast.snapshot.bundles.keep is " + config.keep()
                    + "; expected at least 1: the bundle that was just made");
        }
        if (config.patience().compareTo(SHORTEST_PATIENCE) < 0) {
            throw new IllegalArgumentException("holdfast.snapshot.bundles.patience is " + config.patience()
                    + "; expected at least " + SHORTEST_PATIENCE + ", in which services can answer");
        }
        wakeups.pollAlso(
                "log bundles that nobody creates",
                OPEN.formatted(config.patience().toMillis()),
                this::wake);
        Thread builder = new Thread(this::run, "log-bundle-builder");
        builder.setDaemon(true);
        thread = builder;
        builder.start();
    }

    void stop(@Observes ShutdownEvent stop) throws InterruptedException {
        stopping = true;
        Thread builder = thread;
        if (builder != null) {
            builder.interrupt();
            builder.join(TimeUnit.SECONDS.toMillis(10));
        }
    }

    /** There is something to make, or to tell. Call it after the commit. */
    public void wake() {
        work.release();
    }

    private void run() {
        boolean released = false;
        while (!stopping) {
            try {
                if (!role.awaitActive(POLL.toMillis())) {
                    continue;
                }
                if (!released) {
                    int died = steps.failOwn(store.instanceId());
                    if (died > 0) {
                        LOG.warnf("%d log bundles were being created when this process ended; they have failed", died);
                    }
                    released = true;
                }
                Optional<LogBundle> next = steps.claimNext(store.instanceId(), config.patience());
                next.ifPresent(this::make);
                tell();
                if (next.isEmpty()) {
                    work.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS);
                    work.drainPermits();
                }
            } catch (InterruptedException e) {
                LOG.debug("woken to stop", e);
            } catch (RuntimeException e) {
                if (!stopping) {
                    LOG.errorf(e, "Log bundles cannot be worked on; the next try follows");
                    pause();
                }
            }
        }
    }

    private void make(LogBundle bundle) {
        Path aside = null;
        try {
            executions.report(bundle, "started");
            aside = store.aside(bundle.tenantName(), bundle.id());
            long bytes = gather.into(aside, bundle, config.patience().dividedBy(2));
            store.publish(aside, bundle.tenantName(), bundle.id());
            if (steps.complete(bundle, store.instanceId(), bytes)) {
                LOG.infof("Created log bundle %s: %d bytes", bundle.id(), bytes);
                dropSurplus();
            } else {
                LOG.warnf("Log bundle %s was ended by somebody else; what was gathered is discarded", bundle.id());
                store.delete(bundle.tenantName(), bundle.id());
            }
        } catch (IOException | RuntimeException e) {
            if (stopping) {
                // The next start says that it died.
                return;
            }
            LOG.errorf(e, "Log bundle %s could not be created", bundle.id());
            steps.fail(bundle, store.instanceId(), e.getMessage() == null ? e.toString() : e.getMessage());
        } finally {
            if (aside != null) {
                store.discard(aside);
            }
        }
    }

    private void tell() {
        for (LogBundle ended : steps.untold()) {
            boolean failed = ended.status() == SnapshotStatus.FAILED;
            if (executions.report(ended, failed ? "failed" : "terminated")) {
                steps.told(ended);
            }
        }
    }

    private void dropSurplus() throws IOException {
        for (LogBundle surplus : steps.removeSurplus(config.keep())) {
            store.delete(surplus.tenantName(), surplus.id());
            LOG.infof(
                    "Removed log bundle %s of tenant %s: more than %d are not kept",
                    surplus.id(), surplus.tenantName(), config.keep());
        }
    }

    private void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            LOG.debug("woken to stop", e);
        }
    }
}
