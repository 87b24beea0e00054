package io.holdfast.scheduler.executions.app;

import io.holdfast.contracts.events.SchedulerCommand.RestoreSchedules;
import io.holdfast.contracts.events.SchedulerCommand.ScheduleExecution;
import io.holdfast.scheduler.executions.AfterRestore;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Takes back a scheduled execution that came through a restore, and refuses one of a restore that is not the last. */
@ApplicationScoped
public class RearmAfterRestore {

    private static final Logger LOG = Logger.getLogger(RearmAfterRestore.class);

    private final Executions executions;
    private final ReleaseQueued queue;
    private final AfterRestore afterRestore;

    RearmAfterRestore(Executions executions, ReleaseQueued queue, AfterRestore afterRestore) {
        this.executions = executions;
        this.queue = queue;
        this.afterRestore = afterRestore;
    }

    /** A restored execution waits for its time again. */
    @Transactional
    public void rearm(ScheduleExecution command) {
        long highest = executions.epoch();
        if (command.epoch() < highest) {
            LOG.infof(
                    "Execution %s is not rescheduled: restore epoch %s is older than %s",
                    command.executionId(), command.epoch(), highest);
            return;
        }
        executions.sawEpoch(command.epoch());
        Optional<Execution> waiting = executions
                .find(command.tenantName(), command.executionId())
                .filter(execution -> execution.status() == ExecutionStatus.SCHEDULED);
        if (waiting.isEmpty()) {
            LOG.debugf("Execution %s does not wait for its time any more", command.executionId());
            return;
        }
        LOG.debugf(
                "Restoring execution %s (at %s)",
                command.executionId(), waiting.get().scheduledFor());
        executions.announceDue();
    }

    /** Schedules came through a restore with occurrences that had passed. */
    @Transactional
    public void catchUp(RestoreSchedules command) {
        long highest = executions.epoch();
        if (command.epoch() < highest) {
            LOG.infof(
                    "Schedules of restore %s are not caught up: restore epoch %s is older than %s",
                    command.restoreId(), command.epoch(), highest);
            return;
        }
        executions.sawEpoch(command.epoch());
        afterRestore.catchUpSchedules();
    }

    /** The state is another one now, and so is what is due next. */
    @Transactional
    public void stateReplaced(long epoch) {
        executions.sawEpoch(epoch);
        executions.announceDue();
        queue.release();
    }

    /** The gate has changed: what was held back may be due, and what was queued may go. */
    @Transactional
    public void gateChanged() {
        executions.announceDue();
        queue.release();
    }
}
