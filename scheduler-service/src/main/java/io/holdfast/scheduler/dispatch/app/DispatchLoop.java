package io.holdfast.scheduler.dispatch.app;

import io.holdfast.messaging.Wakeups;
import io.holdfast.scheduler.dispatch.DueExecutions;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sleeps until the next execution is due, claims what is, and sleeps again. A notification wakes it early, the poll interval at the
 * latest. It asks the database what is due; its own clock only says how long to sleep.
 */
@ApplicationScoped
public class DispatchLoop {

    private static final Logger LOG = Logger.getLogger(DispatchLoop.class);

    /** Notified by whoever adds a scheduled execution, moves one, or opens the gate. */
    private static final String DUE_CHANNEL = "holdfast_execution_due";

    /** What is due is locked by another instance, which is at it. */
    private static final Duration PAUSE_WHEN_TAKEN = Duration.ofMillis(50);

    private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(2);

    private final ClaimDue claim;
    private final DueExecutions due;
    private final DispatchConfig config;
    private final Wakeups wakeups;
    private final Semaphore signals = new Semaphore(0);
    private volatile boolean running;
    private @Nullable Thread thread;

    DispatchLoop(ClaimDue claim, DueExecutions due, DispatchConfig config, Wakeups wakeups) {
        this.claim = claim;
        this.due = due;
        this.config = config;
        this.wakeups = wakeups;
    }

    synchronized void start(@Observes StartupEvent start) {
        if (!config.enabled()) {
            LOG.info("Due executions are not dispatched (holdfast.scheduler.dispatch.enabled=false)");
            return;
        }
        wakeups.on(DUE_CHANNEL, payload -> wake());
        running = true;
        Thread fresh = new Thread(this::run, "holdfast-dispatch");
        fresh.setDaemon(true);
        fresh.start();
        thread = fresh;
    }

    synchronized void stop(@Observes ShutdownEvent stop) {
        running = false;
        wake();
        Thread current = thread;
        if (current != null) {
            try {
                current.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void wake() {
        if (signals.availablePermits() == 0) {
            signals.release();
        }
    }

    private void run() {
        boolean failing = false;
        while (running) {
            try {
                Duration sleep = due.untilNext().orElse(config.pollInterval());
                if (sleep.isZero() || sleep.isNegative()) {
                    dispatch();
                } else {
                    sleep(sleep.compareTo(config.pollInterval()) < 0 ? sleep : config.pollInterval());
                }
                failing = false;
            } catch (RuntimeException e) {
                if (!failing) {
                    LOG.warnf(e, "Due executions cannot be dispatched, trying again");
                }
                failing = true;
                sleep(PAUSE_AFTER_ERROR);
            }
        }
    }

    private void dispatch() {
        int claimed = claim.claim(config.batch());
        if (claimed > 0) {
            LOG.debugf("Dispatched %s due executions", claimed);
        } else {
            sleep(PAUSE_WHEN_TAKEN);
        }
    }

    private void sleep(Duration duration) {
        try {
            // Rounded up: waking a moment too early would only ask the database once more.
            boolean woken = signals.tryAcquire(duration.toMillis() + 1, TimeUnit.MILLISECONDS);
            if (woken) {
                signals.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }
}
