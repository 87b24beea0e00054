package io.holdfast.cluster.maintenance.app;

import io.holdfast.cluster.maintenance.Gate;
import io.holdfast.cluster.maintenance.GateStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;

/** The last unfinished execution has ended: maintenance is activated, if an operator still waits for it. */
@ApplicationScoped
public class SettleGate {

    private final GateStore store;
    private final GateChange change;
    private final Clock clock;

    SettleGate(GateStore store, GateChange change, Clock clock) {
        this.store = store;
        this.change = change;
        this.clock = clock;
    }

    @Transactional
    public Gate settle() {
        Gate before = store.readToChange();
        Gate after = before.settle(clock.instant()).orElse(before);
        String requestedBy = after.state().requestedBy();
        change.apply(before, after, requestedBy == null ? "holdfast:cluster" : requestedBy);
        return after;
    }
}
