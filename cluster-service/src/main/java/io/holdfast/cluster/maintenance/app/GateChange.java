package io.holdfast.cluster.maintenance.app;

import io.holdfast.cluster.maintenance.Gate;
import io.holdfast.cluster.maintenance.GateStatus;
import io.holdfast.cluster.maintenance.GateStore;
import io.holdfast.contracts.events.MaintenanceEvent;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;

/** Writes a changed gate together with the event, if anybody can see a difference. Inside the caller's transaction. */
@ApplicationScoped
class GateChange {

    private final GateStore store;
    private final Outbox outbox;
    private final Clock clock;

    GateChange(GateStore store, @OfService("cluster") Outbox outbox, Clock clock) {
        this.store = store;
        this.outbox = outbox;
        this.clock = clock;
    }

    void apply(Gate before, Gate after, String changedBy) {
        if (after.equals(before)) {
            return;
        }
        store.write(after);
        GateStatus status = after.state().status();
        if (status != before.state().status()) {
            outbox.append(new MaintenanceEvent.Changed(status.wireName(), changedBy, clock.instant()));
        }
    }
}
