package io.holdfast.workflow.running.events;

import io.holdfast.contracts.events.ExecutionEvent;
import io.holdfast.contracts.events.RestoreEvent;
import io.holdfast.messaging.MessageHandler;
import io.holdfast.messaging.MessageHandlers;
import io.holdfast.workflow.WorkflowMessaging;
import io.holdfast.workflow.running.app.FollowExecutions;
import io.holdfast.workflow.running.app.FollowRestores;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** What happened elsewhere and matters here. */
@ApplicationScoped
public class FactsListener {

    private final MessageHandler facts;

    FactsListener(MessageHandlers handlers, FollowRestores restores, FollowExecutions executions) {
        this.facts = handlers.consuming(WorkflowMessaging.SERVICE, WorkflowMessaging.FACTS)
                .on(RestoreEvent.Completed.TYPE, RestoreEvent.Completed.class, restores::completed)
                .on(RestoreEvent.Undone.TYPE, RestoreEvent.Undone.class, restores::undone)
                .on(ExecutionEvent.Queued.TYPE, ExecutionEvent.Queued.class, executions::queued)
                .on(ExecutionEvent.Started.TYPE, ExecutionEvent.Started.class, executions::started)
                .on(ExecutionEvent.Succeeded.TYPE, ExecutionEvent.Succeeded.class, executions::succeeded)
                .on(ExecutionEvent.Failed.TYPE, ExecutionEvent.Failed.class, executions::failed)
                .on(ExecutionEvent.Cancelled.TYPE, ExecutionEvent.Cancelled.class, executions::cancelled)
                .ignoringOthers()
                .build();
    }

    @Incoming("workflow-events")
    @Blocking
    public CompletionStage<Void> receive(Message<byte[]> message) {
        return facts.receive(message);
    }
}
