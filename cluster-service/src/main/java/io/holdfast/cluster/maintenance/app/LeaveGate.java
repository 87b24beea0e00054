package io.holdfast.cluster.maintenance.app;

import io.holdfast.cluster.maintenance.Gate;
import io.holdfast.cluster.maintenance.GateState;
import io.holdfast.cluster.maintenance.GateStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** A service is done with what it had closed the gate for. An operator's own maintenance mode goes on. */
@ApplicationScoped
public class LeaveGate {

    private final GateStore store;
    private final GateChange change;

    LeaveGate(GateStore store, GateChange change) {
        this.store = store;
        this.change = change;
    }

    /** Idempotent. @param reason with which it was entered; null for any */
    @Transactional
    public GateState leave(@Nullable String reason, String leftBy) {
        Gate before = store.readToChange();
        Gate after = before.leave(reason);
        change.apply(before, after, leftBy);
        return after.state();
    }
}
