package io.holdfast.cluster.maintenance.app;

import io.holdfast.cluster.maintenance.Gate;
import io.holdfast.cluster.maintenance.GateState;
import io.holdfast.cluster.maintenance.GateStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;

/** A service closes the gate for its own work. It stays closed, whatever becomes of that service, until it leaves. */
@ApplicationScoped
public class EnterGate {

    private final GateStore store;
    private final GateChange change;
    private final Clock clock;

    EnterGate(GateStore store, GateChange change, Clock clock) {
        this.store = store;
        this.change = change;
        this.clock = clock;
    }

    /** Idempotent for the same reason. */
    @Transactional
    public GateState enter(String reason, String requestedBy) {
        Gate before = store.readToChange();
        Gate after = before.enter(reason, requestedBy, clock.instant());
        change.apply(before, after, requestedBy);
        return after.state();
    }
}
