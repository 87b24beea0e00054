package io.holdfast.restore.loading.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The same work on many things, by a few threads. */
public final class InParallel {

    private InParallel() {}

    /**
     * Returns when all is done, or throws what the first failure threw, after all threads have stopped.
     *
     * @param name of the threads, for people
     */
    public static <T> void run(String name, int workers, List<T> things, Consumer<T> work) {
        AtomicInteger next = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(workers, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            running.add(threads.submit(() -> take(next, things, work)));
        }
        RuntimeException failure = null;
        for (Future<?> future : running) {
            try {
                future.get();
            } catch (ExecutionException e) {
                next.set(things.size());
                if (failure == null) {
                    failure = e.getCause() instanceof RuntimeException cause
                            ? cause
                            : new IllegalStateException(name + " failed", e.getCause());
                }
            } catch (InterruptedException e) {
                next.set(things.size());
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                if (failure == null) {
                    failure = new IllegalStateException(name + " was interrupted", e);
                }
            }
        }
        threads.shutdownNow();
        if (failure != null) {
            throw failure;
        }
    }

    private static <T> void take(AtomicInteger next, List<T> things, Consumer<T> work) {
        boolean done = false;
        try {
            int index = next.getAndIncrement();
            while (index < things.size()) {
                work.accept(things.get(index));
                index = next.getAndIncrement();
            }
            done = true;
        } finally {
            if (!done) {
                next.set(things.size());
            }
        }
    }
}
