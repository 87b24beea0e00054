package io.holdfast.scheduler.schedules.app;

import io.holdfast.messaging.Wakeups;
import io.holdfast.role.NodeRole;
import io.holdfast.scheduler.WakeableLoop;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

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
    private static final Duration PAUSE_WHEN_UNDECIDED = Duration.ofSeconds(2);
    private static final Duration PAUSE_WHEN_TAKEN = Duration.ofMillis(50);

    private final OccurDue occur;
    private final ScheduleConfig config;
    private final Wakeups wakeups;
    private final WakeableLoop loop;

    ScheduleLoop(OccurDue occur, ScheduleConfig config, Wakeups wakeups, NodeRole role) {
        this.occur = occur;
        this.config = config;
        this.wakeups = wakeups;
        this.loop = new WakeableLoop(
                "holdfast-schedules",
                this::decideOnce,
                e -> LOG.warnf(e, "Schedules cannot be followed, trying again"),
                role);
    }

    void start(@Observes StartupEvent start) {
        if (!config.enabled()) {
            LOG.info("Schedules are not followed (holdfast.scheduler.schedules.enabled=false)");
            return;
        }
        wakeups.on(CHANNEL, payload -> loop.wake());
        wakeups.pollAlso("due schedules", SOMETHING_IS_DUE, loop::wake);
        loop.start();
    }

    void stop(@Observes ShutdownEvent stop) {
        loop.stop();
    }

    private void decideOnce() {
        OccurDue.Round round = occur.round();
        if (round.undecided()) {
            loop.sleep(PAUSE_WHEN_UNDECIDED);
        } else if (round.found() == 0) {
            loop.sleep(occur.untilNext(LONGEST_SLEEP));
        } else if (round.decided() == 0) {
            loop.sleep(PAUSE_WHEN_TAKEN);
        }
    }
}
