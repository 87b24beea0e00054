package io.holdfast.gateway.maintenance;

/** Where the gate's state comes from. */
public interface GateSource {

    /**
     * Deactivated where there is no gate yet. Read anew for each request: a state that is only a moment old would let a write
     * slip into a restore, and refuse the first request after one.
     */
    GateStatus read();
}
