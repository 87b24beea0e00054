package io.holdfast.scheduler.executions.app;

import io.holdfast.role.OnlyActive;
import io.holdfast.scheduler.executions.Turns;
import io.holdfast.scheduler.executions.Turns.Backlog;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Looks twice a minute after what nobody tells: workers that are silent, and queued executions that could go. Each change is a
 * transaction of its own, so that two sweeps never wait for each other in a circle.
 */
@ApplicationScoped
public class Sweep {

    private static final Logger LOG = Logger.getLogger(Sweep.class);

    /** Of steps, so that one sweep ends before the next is due even when everything is silent. */
    private static final int MOST_STEPS = 20;

    private final SettleLapsed settle;
    private final SendStartAgain start;
    private final Turns turns;
    private final ReleaseQueued queue;
    private final AtomicLong queued = new AtomicLong();
    private final AtomicLong overdueSeconds = new AtomicLong();

    Sweep(SettleLapsed settle, SendStartAgain start, Turns turns, ReleaseQueued queue, MeterRegistry registry) {
        this.settle = settle;
        this.start = start;
        this.turns = turns;
        this.queue = queue;
        registry.gauge("holdfast.executions.queued", queued);
        registry.gauge("holdfast.executions.overdue.seconds", overdueSeconds);
    }

    @Scheduled(
            identity = "scheduler-sweep",
            every = "30s",
            delayed = "30s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = OnlyActive.class)
    public void sweep() {
        settle.find().forEach(settle::settle);
        sendAgain();
        Backlog backlog = turns.backlog();
        queued.set(backlog.queued());
        overdueSeconds.set(backlog.overdue().toSeconds());
        int released = backlog.queued() > 0 ? queue.release() : 0;
        if (released > 0) {
            LOG.infof("%s queued executions could go", released);
        }
    }

    /** A queue that is long only because workers are slow gets one command at most: what is in it is not overtaken. */
    private void sendAgain() {
        int all = 0;
        int step = start.overtaken();
        for (int i = 1; step > 0 && i < MOST_STEPS; i++) {
            all += step;
            step = start.overtaken();
        }
        all += step;
        if (all > 0) {
            LOG.infof("Start commands of %s executions are sent again: workers have begun later ones", all);
        } else if (start.newest()) {
            LOG.info(
                    "A start command that no worker has answered is sent again, to see whether those before it are lost");
        }
    }
}
