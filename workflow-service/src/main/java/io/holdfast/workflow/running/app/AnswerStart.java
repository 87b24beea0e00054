package io.holdfast.workflow.running.app;

import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.workflow.WorkflowMessaging;
import io.holdfast.workflow.running.Unavailable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Tells the scheduler what became of an execution that it started. */
@ApplicationScoped
public class AnswerStart {

    private static final Logger LOG = Logger.getLogger(AnswerStart.class);

    private final Outbox outbox;
    private final Clock clock;

    AnswerStart(@OfService(WorkflowMessaging.SERVICE) Outbox outbox, Clock clock) {
        this.outbox = outbox;
        this.clock = clock;
    }

    @Transactional
    public void answer(StartExecution command) {
        outbox.append(Unavailable.outcomeOf(command, clock.instant()));
        LOG.infof(
                "Execution %s of workflow %s in tenant %s failed: %s",
                command.executionId(), command.workflowId(), command.tenantName(), Unavailable.ERROR);
    }
}
