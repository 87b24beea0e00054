package io.holdfast.workflow.builtin.app;

import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads in which executions run. One that waits for others gives up its place meanwhile: else those that wait would take the places that
 * those need that they wait for.
 */
final class Places {

    private final ThreadPoolExecutor threads;
    private int count;

    /** @param threads as many as there are places, with a queue without bounds */
    Places(ThreadPoolExecutor threads) {
        this.threads = threads;
        this.count = threads.getCorePoolSize();
    }

    void run(Runnable execution) {
        threads.execute(execution);
    }

    /** Called by an execution. */
    <T> @Nullable T whileOthersRun(Supplier<@Nullable T> wait) {
        resize(1);
        try {
            return wait.get();
        } finally {
            resize(-1);
        }
    }

    /** The least may not be above the most at any moment. */
    private synchronized void resize(int by) {
        count += by;
        if (by > 0) {
            threads.setMaximumPoolSize(count);
            threads.setCorePoolSize(count);
        } else {
            threads.setCorePoolSize(count);
            threads.setMaximumPoolSize(count);
        }
    }

    /** Those that have not begun. */
    List<Runnable> close() {
        return threads.shutdownNow();
    }
}
