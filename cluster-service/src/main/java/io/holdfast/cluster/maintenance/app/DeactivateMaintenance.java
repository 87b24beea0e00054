package io.holdfast.cluster.maintenance.app;

import io.holdfast.cluster.maintenance.Gate;
import io.holdfast.cluster.maintenance.GateState;
import io.holdfast.cluster.maintenance.GateStore;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;

/** An operator ends maintenance. */
@ApplicationScoped
public class DeactivateMaintenance {

    private final GateStore store;
    private final GateChange change;

    DeactivateMaintenance(GateStore store, GateChange change) {
        this.store = store;
        this.change = change;
    }

    /**
     * The state that was ended; empty where no operator had asked for any.
     *
     * @throws ManagerException IN_SNAPSHOT_RESTORE while a restore keeps the gate closed
     */
    @Transactional
    public Optional<GateState> deactivate(String username) {
        Gate before = store.readToChange();
        Gate.Hold hold = before.hold();
        if (hold != null) {
            throw new ManagerException(
                    ErrorCode.IN_SNAPSHOT_RESTORE,
                    "maintenance mode is held since " + hold.since() + " by: " + hold.reason(),
                    "it ends by itself when that is done; see GET /snapshot-status");
        }
        Optional<Gate> after = before.deactivate();
        after.ifPresent(gate -> change.apply(before, gate, username));
        return after.map(gate -> before.state());
    }
}
