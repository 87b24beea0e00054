package io.holdfast.scheduler.executions.storage;

import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How far workers have come in the queue of start commands, as far as this process has seen. Another scheduler may have seen more, and one
 * that was just started has seen nothing.
 */
@ApplicationScoped
class AnsweredStarts {

    private final AtomicReference<@Nullable Instant> newest = new AtomicReference<>();

    /** A worker has begun an execution that was handed out then, by the database's clock. */
    void changed(Execution execution, @Nullable Instant dispatchedAt) {
        if (execution.status() == ExecutionStatus.STARTED && dispatchedAt != null) {
            newest.accumulateAndGet(dispatchedAt, (a, b) -> a == null || a.isBefore(b) ? b : a);
        }
    }

    /** When the newest of them was handed out; null while none was seen. */
    @Nullable
    Instant newest() {
        return newest.get();
    }
}
