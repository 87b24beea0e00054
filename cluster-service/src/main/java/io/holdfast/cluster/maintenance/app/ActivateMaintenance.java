package io.holdfast.cluster.maintenance.app;

import io.holdfast.cluster.maintenance.Gate;
import io.holdfast.cluster.maintenance.GateStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Optional;

/** An operator asks for maintenance: from now on no new work begins. */
@ApplicationScoped
public class ActivateMaintenance {

    private final GateStore store;
    private final GateChange change;
    private final Clock clock;

    ActivateMaintenance(GateStore store, GateChange change, Clock clock) {
        this.store = store;
        this.change = change;
        this.clock = clock;
    }

    /** Whether it changed anything; false where an operator had asked already. */
    @Transactional
    public boolean activate(String username) {
        Gate before = store.readToChange();
        Optional<Gate> after = before.activate(username, clock.instant());
        after.ifPresent(gate -> change.apply(before, gate, username));
        return after.isPresent();
    }
}
