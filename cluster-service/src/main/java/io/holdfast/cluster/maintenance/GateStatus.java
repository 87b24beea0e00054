package io.holdfast.cluster.maintenance;

import java.util.Locale;

/** How far the manager is on its way into maintenance. */
public enum GateStatus {
    DEACTIVATED,
    /** No new work is begun; what is unfinished goes on. */
    ACTIVATING,
    /** Only what maintenance needs is served. */
    ACTIVATED;

    /** As the API, the table and the event spell it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static GateStatus ofWireName(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
