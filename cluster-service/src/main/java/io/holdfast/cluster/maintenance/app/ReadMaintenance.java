package io.holdfast.cluster.maintenance.app;

import io.holdfast.cluster.maintenance.Gate;
import io.holdfast.cluster.maintenance.GateStatus;
import io.holdfast.cluster.maintenance.GateStore;
import io.holdfast.cluster.maintenance.Maintenance;
import io.holdfast.cluster.maintenance.OperatorMode;
import io.holdfast.cluster.maintenance.UnfinishedExecution;
import io.holdfast.cluster.maintenance.UnfinishedExecutions;
import io.holdfast.contracts.errors.ManagerException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jboss.logging.Logger;

/** Tells the gate's state, after taking the step from activating to activated if nothing is in its way any more. */
@ApplicationScoped
public class ReadMaintenance {

    private static final Logger LOG = Logger.getLogger(ReadMaintenance.class);

    private final GateStore store;
    private final UnfinishedExecutions executions;
    private final SettleGate settleGate;

    ReadMaintenance(GateStore store, UnfinishedExecutions executions, SettleGate settleGate) {
        this.store = store;
        this.executions = executions;
        this.settleGate = settleGate;
    }

    /** Without a transaction of its own: the scheduler-service is asked meanwhile, and nobody may have to wait for its answer. */
    public Maintenance read() {
        Gate gate = store.read();
        if (!(gate.operator() instanceof OperatorMode.Activating)) {
            return new Maintenance(gate.state(), null);
        }
        List<UnfinishedExecution> remaining;
        try {
            remaining = executions.list().stream()
                    .filter(UnfinishedExecution::delaysMaintenance)
                    .toList();
        } catch (ManagerException e) {
            LOG.warnf("Maintenance mode waits, as unfinished executions are not known: %s", e.detail());
            return new Maintenance(gate.state(), null);
        }
        if (remaining.isEmpty()) {
            return new Maintenance(settleGate.settle().state(), null);
        }
        return new Maintenance(gate.state(), gate.state().status() == GateStatus.ACTIVATING ? remaining : null);
    }
}
