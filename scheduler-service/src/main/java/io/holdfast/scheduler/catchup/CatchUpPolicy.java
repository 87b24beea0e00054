package io.holdfast.scheduler.catchup;

import java.util.Locale;

/** What a schedule wants done about occurrences whose time passed unused. */
public enum CatchUpPolicy {
    /** Nothing: they are noted as missed. */
    SKIP,
    /** The latest of them is made up for. */
    ONCE,
    /** The latest of them, up to the schedule's limit, are made up for. */
    ALL,
    /** One failed execution says so, for whoever watches executions. */
    FAIL;

    public static CatchUpPolicy ofWireName(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
