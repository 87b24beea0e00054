package io.holdfast.role;

import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a node is at a moment.
 *
 * @param active whether it is the one that acts
 * @param epoch of the cluster, as far as the node knows; grows each time that another becomes active, 0 without a cluster
 * @param activeNode who is active; null while that is not known
 * @param activeManager base URL by which other nodes reach the active manager, without a slash at its end; null while that is not known
 */
public record Role(
        boolean active,
        long epoch,
        @Nullable String activeNode,
        @Nullable URI activeManager) {

    /** Of a process without a cluster. */
    static final Role ALONE = new Role(true, 0, null, null);

    /** Before anything is known, and when it is known no more. */
    static final Role UNKNOWN = new Role(false, 0, null, null);

    public Role {
        if (epoch < 0) {
            throw new IllegalArgumentException("an epoch is not negative: " + epoch);
        }
    }

    /** The same epoch, but nobody known to be active. */
    Role withoutActive() {
        return new Role(false, epoch, null, null);
    }

    /** Whether the step to {@code other} is one that workers must hear of. */
    boolean differsFrom(Role other) {
        return !Objects.equals(this, other);
    }
}
