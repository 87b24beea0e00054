package io.holdfast.restore.requests;

import io.holdfast.restore.staging.Phase;
import java.util.Locale;

/** Where a restore is in its life. {@code COMPLETED} and {@code FAILED} are final. */
public enum RestoreStatus {
    REQUESTED,
    STAGING,
    VERIFYING,
    SWAPPING,
    COMPLETED,
    FAILED;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean isFinal() {
        return this == COMPLETED || this == FAILED;
    }

    public static RestoreStatus ofWireName(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** The status during a phase before the end. */
    public static RestoreStatus during(Phase phase) {
        return switch (phase) {
            case GATE, FETCH, INSPECT, BUILD, LOAD, INDEX -> STAGING;
            case VERIFY, MIGRATE -> VERIFYING;
            case SWAP, FINISH -> SWAPPING;
        };
    }
}
