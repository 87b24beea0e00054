package io.holdfast.gateway.maintenance;

/** Where the gate's state comes from. */
public interface GateSource {

    /** Deactivated where there is no gate yet. */
    GateStatus read();
}
