package io.holdfast.gateway.maintenance.app;

import io.holdfast.gateway.maintenance.GateSource;
import io.holdfast.gateway.maintenance.GateStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The gate's state: at most a quarter of a second old, and fresh right after a change that went through this gateway. */
@ApplicationScoped
public class MaintenanceGate {

    private static final Duration FRESH = Duration.ofMillis(250);

    private final GateSource source;
    private final Clock clock;
    private volatile @Nullable Known known;

    public MaintenanceGate(GateSource source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    private record Known(GateStatus status, Instant until) {}

    public GateStatus status() {
        Instant now = clock.instant();
        Known last = known;
        if (last != null && now.isBefore(last.until())) {
            return last.status();
        }
        GateStatus read = source.read();
        known = new Known(read, now.plus(FRESH));
        return read;
    }

    /** The next question reads anew. */
    public void forget() {
        known = null;
    }
}
