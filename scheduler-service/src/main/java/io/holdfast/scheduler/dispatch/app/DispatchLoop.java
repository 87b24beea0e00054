package io.holdfast.scheduler.dispatch.app;

import io.holdfast.messaging.Wakeups;
import io.holdfast.role.NodeRole;
import io.holdfast.scheduler.WakeableLoop;
import io.holdfast.scheduler.dispatch.DispatchWatch;
import io.holdfast.scheduler.dispatch.DueExecutions;
import io.holdfast.scheduler.dispatch.DueExecutions.Next;
import io.holdfast.scheduler.dispatch.app.ClaimDue.Batch;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/**
 * Sleeps until the next execution is due, claims what is, and sleeps again. In a crowd a second thread claims, too: while one batch is
 * decided on, the next one is taken. A notification wakes the loop early, and so does the poll that this process sends anyway. It asks
 * the database what is due; its own clock only says how long to sleep.
 */
@ApplicationScoped
public class DispatchLoop {

    private static final Logger LOG = Logger.getLogger(DispatchLoop.class);

    /** Notified by whoever adds a scheduled execution, moves one, or opens the gate. */
    private static final String DUE_CHANNEL = "holdfast_execution_due";

    /** What is due is locked by another instance, which is at it. */
    private static final Duration PAUSE_WHEN_TAKEN = Duration.ofMillis(50);

    /** Nothing but a safety net below the other one: for when notifications and poll are both away. */
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(15);

    private static final String SOMETHING_IS_DUE = "EXISTS (SELECT FROM scheduler.executions WHERE status = 'scheduled'"
            + " AND scheduled_for <= statement_timestamp())";

    /** How often it is written down that due executions are looked at. */
    private static final Duration WATCH = Duration.ofSeconds(15);

    private final ClaimDue claim;
    private final DispatchWatch continuous;
    private final WatchDispatch watch;
    private final DispatchMetrics metrics;
    private final DueExecutions due;
    private final DispatchConfig config;
    private final Wakeups wakeups;
    private final WakeableLoop loop;

    /** Claims in a crowd, beside the loop's own thread. */
    private final ExecutorService second = Executors.newSingleThreadExecutor(claims -> {
        Thread thread = new Thread(claims, "holdfast-dispatch-second");
        thread.setDaemon(true);
        return thread;
    });

    /** By the JVM's own clock; only the loop's thread touches it. */
    private long watchedAtNanos;

    private boolean watching;

    /** The second thread's claim; what it failed with is a failure of the loop's round. Only the loop's thread touches it. */
    private CompletableFuture<Void> beside = CompletableFuture.completedFuture(null);

    DispatchLoop(
            ClaimDue claim,
            DispatchWatch continuous,
            WatchDispatch watch,
            DispatchMetrics metrics,
            DueExecutions due,
            DispatchConfig config,
            Wakeups wakeups,
            NodeRole role) {
        this.claim = claim;
        this.continuous = continuous;
        this.watch = watch;
        this.metrics = metrics;
        this.due = due;
        this.config = config;
        this.wakeups = wakeups;
        this.loop = new WakeableLoop(
                "holdfast-dispatch",
                this::dispatchOnce,
                e -> LOG.warnf(e, "Due executions cannot be dispatched, trying again"),
                role);
    }

    void start(@Observes StartupEvent start) {
        if (!config.enabled()) {
            LOG.info("Due executions are not dispatched (holdfast.scheduler.dispatch.enabled=false)");
            return;
        }
        wakeups.on(DUE_CHANNEL, payload -> loop.wake());
        wakeups.pollAlso("due executions", SOMETHING_IS_DUE, loop::wake);
        loop.start();
    }

    void stop(@Observes ShutdownEvent stop) {
        loop.stop();
        second.shutdown();
    }

    private void dispatchOnce() {
        try {
            lookOnce();
        } catch (RuntimeException e) {
            watching = false;
            throw e;
        }
    }

    private void lookOnce() {
        if (!isWatching()) {
            loop.sleep(LONGEST_SLEEP);
            return;
        }
        Next next = due.next();
        Duration sleep = next.in().orElse(LONGEST_SLEEP);
        if (sleep.isZero() || sleep.isNegative()) {
            dispatch(next.throttled(), true);
        } else if (sleep.compareTo(LONGEST_SLEEP) >= 0) {
            loop.sleep(LONGEST_SLEEP);
        } else if (loop.sleep(sleep)) {
            // It is due now, unless it was moved: the claim itself tells.
            dispatch(next.throttled(), false);
        }
    }

    /** False while the maintenance gate is not open. Nothing is claimed before it is settled what was missed. */
    private boolean isWatching() {
        if (!watching || System.nanoTime() - watchedAtNanos >= WATCH.toNanos()) {
            watchedAtNanos = System.nanoTime();
            watching = continuous.goesOn() || watch.touch();
        }
        return watching;
    }

    /**
     * Until nothing more is due. Fairness costs a look at each tenant, so it begins where one batch does not take all; where a tenant
     * has used up its starts, all of its due ones would have to be stepped over without it.
     *
     * @param seen whether something was seen to be due: if none of it can be had, another instance is at it
     */
    private void dispatch(boolean throttled, boolean seen) {
        boolean fairly = throttled;
        boolean more = true;
        boolean first = seen;
        boolean crowd = false;
        while (more && loop.isRunning() && isWatching()) {
            if (crowd && beside.isDone()) {
                beside.join();
                beside = CompletableFuture.runAsync(() -> claimOnce(true), second);
            }
            Batch batch = claimOnce(fairly);
            if (batch.settled() == 0 && (first || batch.taken() > 0)) {
                loop.sleep(PAUSE_WHEN_TAKEN);
            }
            first = false;
            crowd = batch.taken() == config.batch();
            more = batch.settled() > 0 && (fairly || crowd);
            fairly = true;
        }
        beside.join();
    }

    private Batch claimOnce(boolean fairly) {
        Batch batch = claim.claim(config.batch(), fairly);
        metrics.claimed(batch);
        if (batch.taken() > 0) {
            LOG.debugf("Dispatched %s of %s due executions", batch.handedOut(), batch.taken());
        }
        return batch;
    }
}
