package io.holdfast.scheduler;

import io.holdfast.role.NodeRole;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A thread that goes its round again and again until it is stopped. A round sleeps as long as it has nothing to do, and is woken early
 * when there is something. After a round that failed the loop pauses and goes on.
 */
public final class WakeableLoop {

    private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(2);
    private static final long LONGEST_STOP_MILLIS = 10_000;

    /** For the role, between two looks at whether the loop is to stop. */
    private static final long LONGEST_WAIT_MILLIS = 1_000;

    private final String threadName;
    private final Runnable round;
    private final Consumer<RuntimeException> onFailure;
    private final NodeRole role;
    private final Semaphore signals = new Semaphore(0);
    private volatile boolean running;
    private @Nullable Thread thread;

    /**
     * @param round runs on the loop's thread only
     * @param onFailure told of the first of several failures in a row
     * @param role while it is not active, the loop stands still
     */
    public WakeableLoop(String threadName, Runnable round, Consumer<RuntimeException> onFailure, NodeRole role) {
        this.role = role;
        this.threadName = threadName;
        this.round = round;
        this.onFailure = onFailure;
    }

    public synchronized void start() {
        running = true;
        Thread fresh = new Thread(this::run, threadName);
        fresh.setDaemon(true);
        fresh.start();
        thread = fresh;
    }

    /** Waits a while for the round at hand to end. Does nothing if the loop was not started. */
    public synchronized void stop() {
        running = false;
        wake();
        Thread current = thread;
        if (current != null) {
            try {
                current.join(LONGEST_STOP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** False once it is to stop, or to stand still: a long round ends early then. */
    public boolean isRunning() {
        return running && role.isActive();
    }

    /** Ends the sleep, or the next one if it does not sleep. */
    public void wake() {
        if (signals.availablePermits() == 0) {
            signals.release();
        }
    }

    /** For the round: sleeps until it is woken, or so long. False if it was woken, or is to stop. */
    public boolean sleep(Duration longest) {
        try {
            if (signals.tryAcquire(Math.max(0, longest.toNanos()), TimeUnit.NANOSECONDS)) {
                signals.drainPermits();
                return false;
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
            return false;
        }
    }

    private void run() {
        boolean failing = false;
        while (running) {
            try {
                if (role.awaitActive(LONGEST_WAIT_MILLIS)) {
                    round.run();
                }
                failing = false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                running = false;
            } catch (RuntimeException e) {
                if (!failing) {
                    onFailure.accept(e);
                }
                failing = true;
                sleep(PAUSE_AFTER_ERROR);
            }
        }
    }
}
