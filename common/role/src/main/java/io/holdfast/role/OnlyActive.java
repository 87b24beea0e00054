package io.holdfast.role;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.ScheduledExecution;
import jakarta.inject.Singleton;

/** For {@code @Scheduled(skipExecutionIf = OnlyActive.class)}: the job runs on the active node alone. */
@Singleton
public final class OnlyActive implements Scheduled.SkipPredicate {

    private final NodeRole role;

    OnlyActive(NodeRole role) {
        this.role = role;
    }

    @Override
    public boolean test(ScheduledExecution execution) {
        return !role.isActive();
    }
}
