package io.holdfast.cluster.agent.loop;

import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.Role;
import io.holdfast.cluster.election.State;
import org.jspecify.annotations.Nullable;

/**
 * Who is active, seen from one node.
 *
 * @param active null while none is known to serve
 * @param leaseValid whether this node is active and may act outside the database
 * @param leaseUntilNanos monotonic; of an active node
 * @param version grows with each change of the others
 */
public record RoleView(
        NodeId node,
        Role role,
        long epoch,
        @Nullable NodeId active,
        boolean leaseValid,
        long leaseUntilNanos,
        long version) {

    static RoleView of(State state, long now, long version) {
        State.Leader leader = state.leader();
        NodeId active = state.active().orElse(null);
        if (active != null && !active.equals(state.durable().self()) && (leader == null || !leader.ready())) {
            active = null;
        }
        if (state.handsOver()) {
            active = null;
        }
        State.Activity activity = state.activity();
        return new RoleView(
                state.durable().self(),
                state.role(),
                state.epoch(),
                active,
                state.leaseValid(now),
                activity == null ? 0 : activity.leaseUntilNanos(),
                version);
    }

    /** With the lease as it is now: a process that was stopped for a while may not have noticed its end. */
    RoleView at(long now) {
        boolean valid = role == Role.ACTIVE && leaseUntilNanos - now > 0;
        return valid == leaseValid ? this : new RoleView(node, role, epoch, active, valid, leaseUntilNanos, version);
    }

    RoleView versioned(long newVersion) {
        return new RoleView(node, role, epoch, active, leaseValid, leaseUntilNanos, newVersion);
    }

    /** Whether it says the same, however often the lease was renewed meanwhile. */
    boolean isAs(RoleView other) {
        return role == other.role
                && epoch == other.epoch
                && leaseValid == other.leaseValid
                && (active == null ? other.active == null : active.equals(other.active));
    }
}
