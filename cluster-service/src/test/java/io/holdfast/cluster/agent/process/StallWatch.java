package io.holdfast.cluster.agent.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long this machine let a thread wait that had nothing to wait for. Agents that get no processor send no heartbeats and hear none, and
 * then another epoch is right: on a machine that stalled, a test may not ask for the contrary.
 */
final class StallWatch implements AutoCloseable {
    private static final long SLEEP_MILLIS = 5;
    /** A tenth of the silence after which a standby stands for election: what this thread met once, several processes in a row met longer. */
    private static final Duration STALL = Duration.ofMillis(100);

    private final AtomicLong longestNanos = new AtomicLong();
    private final Thread thread = new Thread(this::watch, "stall-watch");

    static StallWatch start() {
        StallWatch watch = new StallWatch();
        watch.thread.setDaemon(true);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        try {
            while (true) {
                long before = System.nanoTime();
                Thread.sleep(SLEEP_MILLIS);
                long late = System.nanoTime() - before - TimeUnit.MILLISECONDS.toNanos(SLEEP_MILLIS);
                longestNanos.accumulateAndGet(late, Math::max);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean sawAStall() {
        return longestNanos.get() >= STALL.toNanos();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
