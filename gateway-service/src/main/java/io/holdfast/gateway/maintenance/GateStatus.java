package io.holdfast.gateway.maintenance;

/** How far the manager is on its way into maintenance. */
public enum GateStatus {
    DEACTIVATED,
    ACTIVATING,
    ACTIVATED
}
