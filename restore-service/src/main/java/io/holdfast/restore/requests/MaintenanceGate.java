package io.holdfast.restore.requests;

/** Keeps everybody's work out while a restore runs. What the operator had set comes back when it is left. */
public interface MaintenanceGate {

    /** Idempotent. */
    void enter(String restoreId, String requestedBy);

    /** Idempotent. */
    void leave(String restoreId, String requestedBy);
}
