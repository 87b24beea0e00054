package io.holdfast.restore.requests.app;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.restore.loading.ArchiveSummary;
import io.holdfast.restore.loading.LoadOptions;
import io.holdfast.restore.loading.Progress;
import io.holdfast.restore.plan.CleanManager;
import io.holdfast.restore.plan.ManagerContents;
import io.holdfast.restore.requests.Claims.Claim;
import io.holdfast.restore.requests.ExecutionReports;
import io.holdfast.restore.requests.MaintenanceGate;
import io.holdfast.restore.requests.Restore;
import io.holdfast.restore.requests.RestoreConfig;
import io.holdfast.restore.requests.RestoreOptions;
import io.holdfast.restore.requests.SnapshotArchives;
import io.holdfast.restore.rule.Decision;
import io.holdfast.restore.rule.Fate;
import io.holdfast.restore.staging.Phase;
import io.holdfast.restore.staging.StagedState;
import io.holdfast.restore.staging.StateStaging;
import io.holdfast.restore.swap.StateSwap;
import io.holdfast.restore.swap.SwapOrder;
import io.holdfast.restore.swap.SwapResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Runs one restore from its claim to its end. Whatever goes wrong before the swap commits, the live state was not touched. */
@ApplicationScoped
public class RunRestore {

    private static final Logger LOG = Logger.getLogger(RunRestore.class);

    /** Decisions of a dry run that are kept; all of them are counted. */
    private static final int KEPT_DECISIONS = 1000;

    /** Between two signs of life. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private final RestoreSteps steps;
    private final EndRestore end;
    private final SnapshotArchives archives;
    private final ManagerContents contents;
    private final MaintenanceGate gate;
    private final ExecutionReports executions;
    private final StateStaging staging;
    private final StateSwap swap;
    private final CompareClocks clocks;
    private final ParameterText parameters;
    private final RestoreConfig config;
    private final Clock clock;

    RunRestore(
            RestoreSteps steps,
            EndRestore end,
            SnapshotArchives archives,
            ManagerContents contents,
            MaintenanceGate gate,
            ExecutionReports executions,
            StateStaging staging,
            StateSwap swap,
            CompareClocks clocks,
            ParameterText parameters,
            RestoreConfig config,
            Clock clock) {
        this.steps = steps;
        this.end = end;
        this.archives = archives;
        this.contents = contents;
        this.gate = gate;
        this.executions = executions;
        this.staging = staging;
        this.swap = swap;
        this.clocks = clocks;
        this.parameters = parameters;
        this.config = config;
        this.clock = clock;
    }

    /** Does nothing if somebody else has begun it. */
    public void run(Restore restore, Claim claim) {
        if (!steps.begin(restore.id(), claim.token())) {
            return;
        }
        LOG.infof(
                "%s snapshot %s as %s, asked for by %s",
                restore.options().dryRun() ? "Planning the restore of" : "Restoring",
                restore.snapshotId(),
                restore.id(),
                restore.requestedBy());
        try {
            work(restore, claim);
        } catch (RuntimeException e) {
            end.failed(restore, e);
        }
        steps.find(restore.id()).ifPresent(end::finish);
    }

    private void work(Restore restore, Claim claim) {
        Watch watch = new Watch(restore.id(), claim);
        RestoreOptions options = steps.options(restore);
        if (!options.dryRun()) {
            // While the gate is closed nothing writes the live state.
            executions.report(restore, "started", null);
            watch.begin(Phase.GATE);
            steps.gateHeld(restore.id(), true);
            gate.enter(restore.id(), restore.requestedBy());
            refuseWhatCameMeanwhile(restore, options);
        }
        watch.begin(Phase.FETCH);
        Path archive = config.workFile(restore.id());
        archives.fetch(archives.requireRestorable(restore.snapshotId(), restore.tenantName()), archive);
        StagedState staged = staging.stage(
                restore.id(),
                archive,
                new LoadOptions(
                        options.tenantName(),
                        options.recreateDeploymentsEnvs(),
                        options.ignorePluginFailure(),
                        options.restoreCertificates(),
                        options.hashSalt(),
                        config.workers()),
                watch,
                watch::begin);
        Map<String, Object> source = source(staged.summary(), staged);
        List<String> warnings = new ArrayList<>(staged.report().warnings());
        clocks.compare(options.acceptClockSkew()).ifPresent(warnings::add);
        steps.describe(restore.id(), source, counts(staged, null), warnings);
        watch.begin(Phase.SWAP);
        SwapOrder order = order(restore, options, claim, staged);
        if (options.dryRun()) {
            List<Decision> decisions = new ArrayList<>();
            SwapResult result = swap.rehearse(order, decision -> {
                if (decisions.size() < KEPT_DECISIONS) {
                    decisions.add(decision);
                }
            });
            staging.discard();
            steps.completeDryRun(restore.id(), result, counts(staged, result), decisions);
        } else {
            SwapResult result = swap.swap(order);
            LOG.infof(
                    "Snapshot %s is restored: T0 %s, epoch %d, %d executions rescheduled, %d overdue, %d cancelled,"
                            + " %d schedules missed occurrences",
                    restore.snapshotId(),
                    result.t0(),
                    result.epoch(),
                    result.count(Fate.RESCHEDULED),
                    result.count(Fate.OVERDUE) + result.count(Fate.INVALID_SCHEDULE),
                    result.count(Fate.CANCELLED),
                    result.outcome().missedSchedules());
            steps.describe(restore.id(), source, counts(staged, result), warnings);
        }
    }

    /** Between the request and the closing of the gate the manager went on. */
    private void refuseWhatCameMeanwhile(Restore restore, RestoreOptions options) {
        CleanManager.refusalForRunning(contents.runningExecutions(RequestRestore.NAMED_EXECUTIONS))
                .ifPresent(RunRestore::refuse);
        if (!options.force()) {
            CleanManager.refusal(contents.holdings()).ifPresent(RunRestore::refuse);
        }
    }

    private static void refuse(ManagerException refusal) {
        throw refusal;
    }

    private SwapOrder order(Restore restore, RestoreOptions options, Claim claim, StagedState staged) {
        return new SwapOrder(
                restore.id(),
                restore.snapshotId(),
                restore.tenantName(),
                restore.requestedBy(),
                restore.requestedAt(),
                parameters.json(restore.executionParameters()),
                claim.token(),
                staged.report().snapshotCreatedAt(),
                staged.summary().installation(),
                staged.report().createExecutionId(),
                staged.report().sourceProduct().equals("holdfast"),
                options.acceptClockSkew(),
                Duration.ofSeconds(options.timeout()));
    }

    private static Map<String, Object> source(ArchiveSummary summary, StagedState staged) {
        Map<String, Object> source = new LinkedHashMap<>();
        source.put("format", summary.format());
        source.put("product", staged.report().sourceProduct());
        source.put("version", staged.report().sourceVersion());
        source.put("state_revision", summary.stateRevision());
        Instant createdAt = staged.report().snapshotCreatedAt();
        source.put("created_at", createdAt == null ? null : createdAt.toString());
        source.put("installation", summary.installation());
        source.put("tenants", summary.tenants());
        source.put("uncompressed_bytes", summary.uncompressedBytes());
        return source;
    }

    private static Map<String, Object> counts(StagedState staged, @Nullable SwapResult result) {
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("rows", new TreeMap<>(staged.rows()));
        Map<String, Object> executions = new TreeMap<>();
        if (result != null) {
            for (Fate fate : Fate.values()) {
                executions.put(fate.wireName(), result.count(fate));
            }
        }
        counts.put("executions", executions);
        counts.put(
                "schedules",
                result == null ? Map.of() : Map.of("missed", result.outcome().missedSchedules()));
        return counts;
    }

    /** Writes down how far it is, about once a second, and stops the work when the claim is lost. */
    private final class Watch implements Progress {

        private final String id;
        private final Claim claim;
        private final AtomicLong expected = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicLong rows = new AtomicLong();
        private Instant lastSign = Instant.EPOCH;

        Watch(String id, Claim claim) {
            this.id = id;
            this.claim = claim;
        }

        void begin(Phase phase) {
            LOG.debugf("Restore %s: %s", id, phase.wireName());
            if (!claim.isHeld()
                    || !steps.progress(id, claim.token(), expected.get(), bytes.get(), rows.get())
                    || !steps.enter(id, claim.token(), phase)) {
                throw lost();
            }
        }

        @Override
        public void expect(long all) {
            expected.set(all);
        }

        @Override
        public void advance(String what, long moreBytes, long moreRows) {
            bytes.addAndGet(moreBytes);
            rows.addAndGet(moreRows);
            synchronized (this) {
                Instant now = clock.instant();
                if (now.isBefore(lastSign.plus(HEARTBEAT))) {
                    return;
                }
                lastSign = now;
                if (!claim.isHeld() || !steps.progress(id, claim.token(), expected.get(), bytes.get(), rows.get())) {
                    throw lost();
                }
            }
        }

        private IllegalStateException lost() {
            return new IllegalStateException("the claim on restore " + id + " is lost");
        }
    }
}
