package io.holdfast.scheduler.dispatch.app;

import io.holdfast.messaging.Wakeups;
import io.holdfast.role.NodeRole;
import io.holdfast.scheduler.WakeableLoop;
import io.holdfast.scheduler.executions.app.ReleaseQueued;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Releases queued executions of a tenant that had used up its starts, once it has one again. No change of an execution says so, and the
 * sweep may come half a minute later; the poll that this process sends anyway asks for it.
 */
@ApplicationScoped
public class RefillLoop {

    private static final Logger LOG = Logger.getLogger(RefillLoop.class);

    /** The bucket was left empty, and by now is not. */
    static final String REFILLED =
            "EXISTS (SELECT FROM scheduler_control.tenant_starts s WHERE s.empty_until > s.counted_at"
                    + " AND s.empty_until <= statement_timestamp() AND EXISTS (SELECT FROM scheduler.executions e"
                    + " WHERE e.status = 'queued' AND e.tenant_name = s.tenant_name))";

    private static final Duration UNTIL_WOKEN = Duration.ofHours(1);

    private final ReleaseQueued queue;
    private final DispatchConfig config;
    private final Wakeups wakeups;
    private final WakeableLoop loop;

    RefillLoop(ReleaseQueued queue, DispatchConfig config, Wakeups wakeups, NodeRole role) {
        this.queue = queue;
        this.config = config;
        this.wakeups = wakeups;
        this.loop = new WakeableLoop(
                "holdfast-refill",
                this::releaseWhenWoken,
                e -> LOG.warnf(e, "Queued executions of tenants with a rate cannot be released, trying again"),
                role);
    }

    void start(@Observes StartupEvent start) {
        if (!config.enabled()) {
            return;
        }
        wakeups.pollAlso("queued executions of tenants with a rate", REFILLED, loop::wake);
        loop.start();
    }

    void stop(@Observes ShutdownEvent stop) {
        loop.stop();
    }

    private void releaseWhenWoken() {
        loop.sleep(UNTIL_WOKEN);
        if (loop.isRunning()) {
            int released = queue.release();
            LOG.debugf("%s queued executions could go: their tenants have starts again", released);
        }
    }
}
