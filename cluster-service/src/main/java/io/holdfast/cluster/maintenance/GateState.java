package io.holdfast.cluster.maintenance;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the gate shows to everybody; all but the status are null where they do not apply. {@code reason} is set for holds only. */
public record GateState(
        GateStatus status,
        @Nullable String reason,
        @Nullable String requestedBy,
        @Nullable Instant activationRequestedAt,
        @Nullable Instant activatedAt) {

    public static final GateState DEACTIVATED = new GateState(GateStatus.DEACTIVATED, null, null, null, null);
}
