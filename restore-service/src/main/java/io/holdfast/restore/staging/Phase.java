package io.holdfast.restore.staging;

import java.util.Locale;

/** What a restore does, in this order. */
public enum Phase {
    /** The maintenance gate closes. */
    GATE,
    /** The archive comes from the archive store. */
    FETCH,
    /** Its structure is checked. */
    INSPECT,
    /** Empty schemas are built at the archive's revision. */
    BUILD,
    /** Rows and content go in. */
    LOAD,
    /** Keys and indexes are built. */
    INDEX,
    /** Counts, references and content are checked. */
    VERIFY,
    /** Brought to today's revision. */
    MIGRATE,
    /** The restore rule decides about unfinished executions, and the staged state becomes the live one: one transaction. */
    SWAP,
    /** The log lines are written and the gate opens. */
    FINISH;

    /** As the API shows it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
