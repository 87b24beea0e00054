package io.holdfast.cluster.maintenance.storage;

import io.holdfast.cluster.maintenance.Gate;
import io.holdfast.cluster.maintenance.GateState;
import io.holdfast.cluster.maintenance.GateStatus;
import io.holdfast.cluster.maintenance.GateStore;
import io.holdfast.cluster.maintenance.OperatorMode;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The gate in {@code cluster_control.gate}. */
@ApplicationScoped
class PgGateStore implements GateStore {

    @Override
    public Gate read() {
        return QuarkusTransaction.joiningExisting().call(() -> gate(row(LockModeType.NONE)));
    }

    @Override
    public Gate readToChange() {
        return gate(row(LockModeType.PESSIMISTIC_WRITE));
    }

    @Override
    public void write(Gate gate) {
        GateEntity row = row(LockModeType.PESSIMISTIC_WRITE);
        GateState state = gate.state();
        row.status = state.status().wireName();
        row.reason = state.reason();
        row.requestedBy = state.requestedBy();
        row.activationRequestedAt = state.activationRequestedAt();
        row.activatedAt = state.activatedAt();
        writeOperator(row, gate.operator());
        Gate.Hold hold = gate.hold();
        row.holdReason = hold == null ? null : hold.reason();
        row.holdRequestedBy = hold == null ? null : hold.requestedBy();
        row.heldSince = hold == null ? null : hold.since();
    }

    private static GateEntity row(LockModeType lock) {
        GateEntity row = GateEntity.findById(GateEntity.ONLY, lock);
        if (row == null) {
            throw new IllegalStateException("cluster_control.gate has lost its row; the migration makes it");
        }
        return row;
    }

    private static void writeOperator(GateEntity row, OperatorMode mode) {
        row.operatorStatus = GateStatus.DEACTIVATED.wireName();
        row.operatorName = null;
        row.operatorRequestedAt = null;
        row.operatorActivatedAt = null;
        if (mode instanceof OperatorMode.Activating activating) {
            row.operatorStatus = GateStatus.ACTIVATING.wireName();
            row.operatorName = activating.requestedBy();
            row.operatorRequestedAt = activating.requestedAt();
        } else if (mode instanceof OperatorMode.Activated activated) {
            row.operatorStatus = GateStatus.ACTIVATED.wireName();
            row.operatorName = activated.requestedBy();
            row.operatorRequestedAt = activated.requestedAt();
            row.operatorActivatedAt = activated.activatedAt();
        }
    }

    private static Gate gate(GateEntity row) {
        Gate.Hold hold = row.holdReason == null
                ? null
                : new Gate.Hold(row.holdReason, text(row.holdRequestedBy), Objects.requireNonNull(row.heldSince));
        return new Gate(operator(row), hold);
    }

    private static OperatorMode operator(GateEntity row) {
        GateStatus status = GateStatus.ofWireName(row.operatorStatus);
        if (status == GateStatus.DEACTIVATED) {
            return new OperatorMode.Off();
        }
        Instant requestedAt = Objects.requireNonNull(row.operatorRequestedAt);
        return status == GateStatus.ACTIVATING
                ? new OperatorMode.Activating(text(row.operatorName), requestedAt)
                : new OperatorMode.Activated(
                        text(row.operatorName), requestedAt, Objects.requireNonNull(row.operatorActivatedAt));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
