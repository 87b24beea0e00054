package io.holdfast.cluster.maintenance;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The maintenance gate: closed by operators, by a restore, or by both; the one does not undo the other.
 *
 * @param operator what the operators have asked for
 * @param hold what a restore has asked for, or null
 */
public record Gate(OperatorMode operator, @Nullable Hold hold) {

    /** Open. */
    public static final Gate OPEN = new Gate(new OperatorMode.Off(), null);

    /** A service keeps the gate closed while it works; at once, since its own execution is unfinished as long as it works. */
    public record Hold(String reason, String requestedBy, Instant since) {}

    /** What counts now. A hold closes the gate wholly; without one the operators' mode counts. */
    public GateState state() {
        if (hold != null) {
            return new GateState(GateStatus.ACTIVATED, hold.reason(), hold.requestedBy(), hold.since(), hold.since());
        }
        if (operator instanceof OperatorMode.Activated activated) {
            return new GateState(
                    GateStatus.ACTIVATED,
                    null,
                    activated.requestedBy(),
                    activated.requestedAt(),
                    activated.activatedAt());
        }
        if (operator instanceof OperatorMode.Activating activating) {
            return new GateState(GateStatus.ACTIVATING, null, activating.requestedBy(), activating.requestedAt(), null);
        }
        return GateState.DEACTIVATED;
    }

    /** Empty where an operator has done so already. */
    public Optional<Gate> activate(String username, Instant now) {
        return operator instanceof OperatorMode.Off off
                ? Optional.of(new Gate(off.activate(username, now), hold))
                : Optional.empty();
    }

    /** Empty where no operator has activated it. Holds are not an operator's to lift. */
    public Optional<Gate> deactivate() {
        return operator instanceof OperatorMode.Off
                ? Optional.empty()
                : Optional.of(new Gate(new OperatorMode.Off(), hold));
    }

    /** Nothing is unfinished any more. Empty where nobody waits for that. */
    public Optional<Gate> settle(Instant now) {
        return operator instanceof OperatorMode.Activating activating
                ? Optional.of(new Gate(activating.settle(now), hold))
                : Optional.empty();
    }

    /** Idempotent: the same reason again keeps its time. */
    public Gate enter(String reason, String requestedBy, Instant now) {
        return hold != null && hold.reason().equals(reason)
                ? this
                : new Gate(operator, new Hold(reason, requestedBy, now));
    }

    /** Idempotent. @param reason of the hold to lift; null lifts any; another's hold stays */
    public Gate leave(@Nullable String reason) {
        return hold == null || (reason != null && !reason.equals(hold.reason())) ? this : new Gate(operator, null);
    }
}
