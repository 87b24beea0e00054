package io.holdfast.scheduler.reading;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** The one status of an execution group, from those of its executions (cloudify-api section 4). */
public final class GroupStatus {

    private static final Set<String> WAITING = Set.of("scheduled", "queued", "pending");
    private static final Set<String> ENDED = Set.of("terminated", "failed", "cancelled");

    private GroupStatus() {}

    /** Empty for a group without executions. */
    public static Optional<String> of(Collection<String> statuses) {
        if (statuses.isEmpty()) {
            return Optional.empty();
        }
        if (statuses.stream().allMatch("pending"::equals)) {
            return Optional.of("pending");
        }
        if (WAITING.containsAll(statuses)) {
            return Optional.of("queued");
        }
        if (ENDED.containsAll(statuses)) {
            return Optional.of(statuses.contains("failed") ? "failed" : "terminated");
        }
        return Optional.of("started");
    }
}
