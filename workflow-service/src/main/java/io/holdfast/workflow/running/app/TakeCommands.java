package io.holdfast.workflow.running.app;

import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.workflow.WorkflowMessaging;
import io.holdfast.workflow.running.Answers;
import io.holdfast.workflow.running.AttachedWorker;
import io.holdfast.workflow.running.Fence;
import io.holdfast.workflow.running.OwnWorker;
import io.holdfast.workflow.running.Worker;
import io.micrometer.core.instrument.Metrics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Takes what the scheduler wants started or stopped, unless it is old, and answers it. */
@ApplicationScoped
public class TakeCommands {

    private static final Logger LOG = Logger.getLogger(TakeCommands.class);

    private final Fence fence;
    private final Worker worker;
    private final Outbox outbox;
    private final Clock clock;

    TakeCommands(
            Fence fence,
            AttachedWorker attached,
            OwnWorker own,
            @OfService(WorkflowMessaging.SERVICE) Outbox outbox,
            Clock clock) {
        this.fence = fence;
        this.worker = attached.isAttached() ? attached : own;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Transactional
    public void start(StartExecution command) {
        switch (fence.take(command, worker.considers(command))) {
            case TAKEN -> run(command);
            case STOPPED -> {
                outbox.append(Answers.cancelled(command, clock.instant()));
                LOG.infof("Execution %s is cancelled: it was stopped before it was started", command.executionId());
            }
            case STALE_EPOCH -> {
                refused("epoch");
                outbox.append(Answers.outdated(command, clock.instant()));
                LOG.warnf(
                        "Start of execution %s in tenant %s is refused: restore epoch %s is older than one that was seen",
                        command.executionId(), command.tenantName(), command.epoch());
            }
            case STALE_ATTEMPT -> {
                refused("attempt");
                LOG.warnf(
                        "Start of execution %s in tenant %s is refused: a later dispatch than attempt %s of epoch %s was taken",
                        command.executionId(), command.tenantName(), command.attempt(), command.epoch());
            }
            case REPEATED -> LOG.debugf("Execution %s was taken already", command.executionId());
        }
    }

    private void run(StartExecution command) {
        String impossible = worker.start(command);
        if (impossible != null) {
            fence.answered(command.tenantName(), command.executionId());
            outbox.append(Answers.failed(command, impossible, clock.instant()));
            LOG.debugf(
                    "Execution %s of workflow %s in tenant %s failed: %s",
                    command.executionId(), command.workflowId(), command.tenantName(), impossible);
        }
    }

    @Transactional
    public void stop(StopExecution command) {
        switch (fence.stop(command)) {
            case HELD -> {
                if (!worker.stop(command)) {
                    fence.answered(command.tenantName(), command.executionId());
                    outbox.append(Answers.cancelled(command, clock.instant()));
                    LOG.infof("Execution %s is cancelled: nobody runs it any more", command.executionId());
                }
            }
            case NOT_HELD ->
                LOG.infof(
                        "Stop of execution %s in tenant %s finds nothing to stop; should its start still come, it will not run",
                        command.executionId(), command.tenantName());
            case STALE_EPOCH -> {
                refused("epoch");
                LOG.warnf(
                        "Stop of execution %s in tenant %s is refused: restore epoch %s is older than one that was seen",
                        command.executionId(), command.tenantName(), command.epoch());
            }
        }
    }

    private static void refused(String reason) {
        Metrics.counter("holdfast.workflow.refused", "reason", reason).increment();
    }
}
