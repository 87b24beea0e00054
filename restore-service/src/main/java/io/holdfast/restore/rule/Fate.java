package io.holdfast.restore.rule;

import java.util.Locale;

/** What becomes of an execution that had not ended in the snapshot. */
public enum Fate {
    /** Scheduled for later: stays, and is put on the queue again. */
    RESCHEDULED,
    /** Its time has passed: failed, with {@link RestoreRule#OVERDUE_LINE}. */
    OVERDUE,
    /** Scheduled without a time, or for one that no calendar shows: failed, it could never run. */
    INVALID_SCHEDULE,
    /** Waits for its deployment: stays, and is looked at again after the restore. */
    QUEUED,
    /** Was running: cancelled, whatever ran it is gone. */
    CANCELLED,
    /** The {@code create_snapshot} that made the archive: it did its work. */
    TERMINATED;

    /** As the database and the API write it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Fate ofWireName(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
