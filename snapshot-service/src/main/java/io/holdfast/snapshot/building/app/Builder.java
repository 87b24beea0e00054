package io.holdfast.snapshot.building.app;

import io.holdfast.archive.ArchiveLayout;
import io.holdfast.archive.ArchiveManifest;
import io.holdfast.archive.ArchiveWriter;
import io.holdfast.messaging.Wakeups;
import io.holdfast.role.NodeRole;
import io.holdfast.snapshot.building.BuildClaims.Claim;
import io.holdfast.snapshot.building.BuildProgress;
import io.holdfast.snapshot.building.BuildRequest;
import io.holdfast.snapshot.building.ExecutionReports;
import io.holdfast.snapshot.building.StateExport;
import io.holdfast.snapshot.catalogue.Snapshot;
import io.holdfast.snapshot.catalogue.StoredArchive;
import io.holdfast.snapshot.store.ArchiveStore;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Builds one archive after the other in a thread of its own: claims, exports aside under a heartbeat, publishes, completes. Everything
 * that it must not forget is in the catalogue, so it may die at any point: a claim that has no heartbeat is taken over, by another
 * instance or by this one at its next start.
 */
@ApplicationScoped
public class Builder {

    private static final Logger LOG = Logger.getLogger(Builder.class);

    /** After the database and the store are there. */
    private static final int AFTER_STORE = 3000;

    /** By the database's clock, unlike the claim itself: where the two disagree, a claim is tried for nothing or a little later. */
    private static final String NOBODYS = "EXISTS (SELECT FROM snapshot_control.snapshots WHERE status = 'creating'"
            + " AND (claimed_by IS NULL OR heartbeat_at < statement_timestamp() - %d * interval '1 millisecond'))";

    private final BuildSteps steps;
    private final StateExport export;
    private final ArchiveStore store;
    private final ExecutionReports reports;
    private final BuildingConfig config;
    private final String version;
    private final NodeRole role;
    private final Wakeups wakeups;
    private final Semaphore work = new Semaphore(0);
    private volatile boolean stopping;
    private @Nullable Thread thread;

    Builder(
            BuildSteps steps,
            StateExport export,
            ArchiveStore store,
            ExecutionReports reports,
            BuildingConfig config,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "0") String version,
            NodeRole role,
            Wakeups wakeups) {
        this.role = role;
        this.wakeups = wakeups;
        this.steps = steps;
        this.export = export;
        this.store = store;
        this.reports = reports;
        this.config = config;
        this.version = version;
    }

    void start(@Observes @Priority(AFTER_STORE) StartupEvent start) {
        if (config.staleAfter().compareTo(config.heartbeat().multipliedBy(5)) < 0) {
            throw new IllegalArgumentException("holdfast.snapshot.building.stale-after is " + config.staleAfter()
                    + "; expected at least five times heartbeat (" + config.heartbeat() + "), so that one late"
                    + " heartbeat does not end a build");
        }
        wakeups.pollAlso(
                "snapshots that nobody creates",
                NOBODYS.formatted(config.staleAfter().toMillis()),
                this::wake);
        Thread builder = new Thread(this::run, "snapshot-builder");
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

    /** There is something to build. Call it after the commit. */
    public void wake() {
        work.release();
    }

    private void run() {
        boolean released = false;
        while (!stopping) {
            try {
                if (!role.awaitActive(config.poll().toMillis())) {
                    continue;
                }
                if (!released) {
                    releaseOwn();
                    released = true;
                }
                Optional<Claim> claim = steps.claimNext(store.instanceId(), config.staleAfter(), config.attempts());
                if (claim.isPresent()) {
                    build(claim.get());
                } else if (work.tryAcquire(config.poll().toMillis(), TimeUnit.MILLISECONDS)) {
                    work.drainPermits();
                }
            } catch (InterruptedException e) {
                if (stopping) {
                    return;
                }
            } catch (RuntimeException e) {
                if (!stopping) {
                    LOG.warnf("Snapshots cannot be built for the moment: %s", e);
                    pause();
                }
            }
        }
    }

    private void releaseOwn() {
        int released = steps.releaseOwn(store.instanceId());
        if (released > 0) {
            LOG.infof("%d snapshots were being created when this instance stopped; they are begun again", released);
        }
    }

    private void build(Claim claim) throws InterruptedException {
        Snapshot snapshot = claim.snapshot();
        BuildProgress progress = new BuildProgress();
        AtomicBoolean lost = new AtomicBoolean();
        Thread self = Thread.currentThread();
        ScheduledExecutorService pulse = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread beat = new Thread(task, "snapshot-heartbeat");
            beat.setDaemon(true);
            return beat;
        });
        ScheduledFuture<?> beating = pulse.scheduleWithFixedDelay(
                () -> beat(claim, progress, lost, self), 0, config.heartbeat().toMillis(), TimeUnit.MILLISECONDS);
        Path aside = null;
        try {
            aside = store.aside(snapshot.tenantName(), snapshot.id());
            LOG.infof("Creating snapshot %s (attempt %d)", snapshot.id(), claim.attempt());
            reports.report(snapshot, "started", null);
            ArchiveWriter.Finished finished = export.export(aside, request(snapshot), progress);
            beating.cancel(false);
            if (!steps.heartbeat(claim, progress)) {
                LOG.warnf("Snapshot %s was taken over or deleted; this attempt is discarded", snapshot.id());
                return;
            }
            store.publish(aside, snapshot.tenantName(), snapshot.id());
            if (steps.complete(claim, archive(finished), progress)) {
                LOG.infof(
                        "Created snapshot %s: %d bytes, %d rows, SHA-256 %s",
                        snapshot.id(), finished.archiveBytes(), progress.rows(), finished.sha256());
            }
        } catch (IOException | RuntimeException e) {
            boolean interrupted = Thread.interrupted();
            if (stopping) {
                // The claim stays; the next start, or another instance, begins again.
                return;
            }
            if (lost.get()) {
                LOG.warnf("Snapshot %s was taken over by another instance; this attempt is discarded", snapshot.id());
                return;
            }
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            LOG.errorf(e, "Snapshot %s could not be created%s", snapshot.id(), interrupted ? " (interrupted)" : "");
            steps.fail(claim, reason);
        } finally {
            beating.cancel(false);
            pulse.shutdownNow();
            // An interrupt that came as the export ended must not reach the next one.
            Thread.interrupted();
            if (aside != null) {
                store.discard(aside);
            }
        }
    }

    private void beat(Claim claim, BuildProgress progress, AtomicBoolean lost, Thread builder) {
        try {
            if (!role.isActive()) {
                lost.set(true);
                builder.interrupt();
            } else if (!steps.heartbeat(claim, progress) && progress.phase() != BuildProgress.Phase.DONE) {
                lost.set(true);
                builder.interrupt();
            }
        } catch (RuntimeException e) {
            LOG.warnf("No heartbeat for snapshot %s: %s", claim.snapshot().id(), e);
        }
    }

    private BuildRequest request(Snapshot snapshot) {
        int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return new BuildRequest(
                snapshot.id(),
                snapshot.executionId(),
                version,
                store.instanceId(),
                snapshot.options(),
                config.workers().orElse(half),
                config.extractedBlueprints());
    }

    private static StoredArchive archive(ArchiveWriter.Finished finished) {
        Map<String, Long> contents = new LinkedHashMap<>();
        for (ArchiveManifest.Table table : finished.manifest().tables()) {
            if (table.rows() > 0) {
                contents.put(table.qualifiedName(), table.rows());
            }
        }
        contents.put(
                "files",
                finished.manifest().entries().stream()
                        .filter(entry -> entry.kind() == ArchiveManifest.Kind.CONTENT)
                        .count());
        return new StoredArchive(finished.archiveBytes(), finished.sha256(), ArchiveLayout.NATIVE.name(), contents);
    }

    private void pause() {
        try {
            if (work.tryAcquire(config.poll().toMillis(), TimeUnit.MILLISECONDS)) {
                work.drainPermits();
            }
        } catch (InterruptedException e) {
            // Either it stops, which run() sees, or the interrupt was meant for a build that is over.
            LOG.debug("interrupted while pausing");
        }
    }
}
