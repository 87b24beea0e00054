package io.holdfast.workflow.running.events;

import io.holdfast.contracts.events.RestoreEvent;
import io.holdfast.messaging.MessageHandler;
import io.holdfast.messaging.MessageHandlers;
import io.holdfast.workflow.WorkflowMessaging;
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

    FactsListener(MessageHandlers handlers, FollowRestores restores) {
        this.facts = handlers.consuming(WorkflowMessaging.SERVICE, WorkflowMessaging.FACTS)
                .on(RestoreEvent.Completed.TYPE, RestoreEvent.Completed.class, restores::completed)
                .on(RestoreEvent.Undone.TYPE, RestoreEvent.Undone.class, restores::undone)
                .ignoringOthers()
                .build();
    }

    @Incoming("workflow-events")
    @Blocking
    public CompletionStage<Void> receive(Message<byte[]> message) {
        return facts.receive(message);
    }
}
