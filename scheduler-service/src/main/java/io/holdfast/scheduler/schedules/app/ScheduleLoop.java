package io.holdfast.scheduler.schedules.app;

import io.holdfast.messaging.Wakeups;
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
 * Sleeps until the next occurrence of any schedule, has it decided on, and sleeps again. It asks the database what is due; its own clock
 * only says how long to sleep.
 */
@ApplicationScoped
public class ScheduleLoop {

    private static final Logger LOG = Logger.getLogger(ScheduleLoop.class);

    /** Notified by whoever makes or changes a schedule. */
    private static final String CHANNEL = "holdfast_schedules";

    private static final String SOMETHING_IS_DUE = "EXISTS (SELECT FROM scheduler.execution_schedules WHERE enabled"
            + " AND missed_until IS NULL AND next_occurrence <= statement_timestamp() - interval '1 second')";

    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(30);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(2);
    private static final Duration PAUSE_WHEN_TAKEN = Duration.ofMillis(50);

    private final OccurDue occur;
    private final ScheduleConfig config;
    private final Wakeups wakeups;
    private final Semaphore signals = new Semaphore(0);
    private volatile boolean running;
    private @Nullable Thread thread;

    ScheduleLoop(OccurDue occur, ScheduleConfig config, Wakeups wakeups) {
        this.occur = occur;
        this.config = config;
        this.wakeups = wakeups;
    }

    synchronized void start(@Observes StartupEvent start) {
        if (!config.enabled()) {
            LOG.info("Schedules are not followed (holdfast.scheduler.schedules.enabled=false)");
            return;
        }
        wakeups.on(CHANNEL, payload -> wake());
        wakeups.pollAlso("due schedules", SOMETHING_IS_DUE, this::wake);
        running = true;
        Thread fresh = new Thread(this::run, "holdfast-schedules");
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
                OccurDue.Round round = occur.round();
                if (round.undecided()) {
                    sleep(PAUSE_AFTER_ERROR);
                } else if (round.found() == 0) {
                    sleep(occur.untilNext(LONGEST_SLEEP));
                } else if (round.decided() == 0) {
                    sleep(PAUSE_WHEN_TAKEN);
                }
                failing = false;
            } catch (RuntimeException e) {
                if (!failing) {
                    LOG.warnf(e, "Schedules cannot be followed, trying again");
                }
                failing = true;
                sleep(PAUSE_AFTER_ERROR);
            }
        }
    }

    private void sleep(Duration duration) {
        try {
            // Rounded up: waking a moment too early would only ask the database once more.
            if (signals.tryAcquire(Math.max(0, duration.toMillis()) + 1, TimeUnit.MILLISECONDS)) {
                signals.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }
}
