package io.holdfast.restore.support;

import io.holdfast.contracts.events.Event;
import io.holdfast.restore.loading.LoadOptions;
import io.holdfast.restore.loading.Progress;
import io.holdfast.restore.loading.storage.HoldfastLoader;
import io.holdfast.restore.staging.Phases;
import io.holdfast.restore.staging.StagedState;
import io.holdfast.restore.staging.storage.PgStateStaging;
import io.holdfast.restore.swap.SwapOrder;
import io.holdfast.restore.swap.SwapResult;
import io.holdfast.restore.swap.storage.PgStateSwap;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The engine of restores on a manager, without the service around it. */
public final class TestRestore {

    private final TestManager manager;
    private final PgStateStaging staging;
    private final PgStateSwap swap;
    private final List<Event> events = new ArrayList<>();
    private String lastRestoreId = "";
    private @Nullable String refusedType;
    private Duration patience = Duration.ofSeconds(20);

    public TestRestore(TestManager manager) {
        this(manager, Duration.ZERO);
    }

    public TestRestore(TestManager manager, Duration overdueGrace) {
        this.manager = manager;
        this.staging = new PgStateStaging(
                manager.database(), manager.masterKey(), List.of(new HoldfastLoader()), () -> TestManager.CUT);
        this.swap = new PgStateSwap(manager.database(), (connection, more) -> append(more), overdueGrace);
    }

    private void append(List<? extends Event> more) {
        for (Event event : more) {
            if (event.type().equals(refusedType)) {
                throw new IllegalStateException("planted at " + refusedType);
            }
            events.add(event);
        }
    }

    /** Lets the outbox fail at the first event of a type; null: never again. */
    public void failAt(@Nullable String type) {
        refusedType = type;
    }

    public TestRestore withPatience(Duration shorter) {
        this.patience = shorter;
        return this;
    }

    /** What would have gone to the outbox; also of swaps that were rolled back. */
    public List<Event> events() {
        return events;
    }

    /** Of the restore that {@link #begin} noted last. */
    public String lastRestoreId() {
        return lastRestoreId;
    }

    public PgStateStaging staging() {
        return staging;
    }

    public PgStateSwap swap() {
        return swap;
    }

    public StagedState stage(Path archive, Phases phases) {
        return staging.stage("test", archive, LoadOptions.DEFAULTS, Progress.NONE, phases);
    }

    /** A record as the service would have made it, on its way into the swap. */
    public String begin() {
        String id = UUID.randomUUID().toString();
        lastRestoreId = id;
        manager.execute(
                "INSERT INTO restore_control.restores (id, snapshot_id, tenant_name, requested_by, requested_at, options,"
                        + " status, claim_token) VALUES ('" + id
                        + "', 'snapshot', 'default_tenant', 'admin', now(), '{}', 'swapping', 'token')");
        return id;
    }

    public SwapOrder order(
            String id, @Nullable Instant createdAt, @Nullable String createExecutionId, boolean acceptClockSkew) {
        return new SwapOrder(
                id,
                "snapshot",
                "default_tenant",
                "admin",
                Instant.parse("2020-03-13T05:59:00Z"),
                "{\"snapshot_id\": \"snapshot\"}",
                "token",
                createdAt,
                "source-installation",
                createExecutionId,
                true,
                acceptClockSkew,
                patience);
    }

    /** All of it. */
    public SwapResult restore(Path archive) {
        StagedState staged = stage(archive, Phases.NONE);
        return swap.swap(order(
                begin(), staged.report().snapshotCreatedAt(), staged.report().createExecutionId(), false));
    }
}
