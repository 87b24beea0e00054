package io.holdfast.cluster.maintenance;

import java.time.Instant;

/** What the operators have asked for. Source: cloudify-api section 3. */
public sealed interface OperatorMode {

    record Off() implements OperatorMode {
        public Activating activate(String username, Instant now) {
            return new Activating(username, now);
        }
    }

    /** Waits for unfinished executions. */
    record Activating(String requestedBy, Instant requestedAt) implements OperatorMode {
        public Activated settle(Instant now) {
            return new Activated(requestedBy, requestedAt, now);
        }
    }

    record Activated(String requestedBy, Instant requestedAt, Instant activatedAt) implements OperatorMode {}
}
