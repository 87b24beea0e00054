package io.holdfast.workflow.running.events;

import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.messaging.MessageHandler;
import io.holdfast.messaging.MessageHandlers;
import io.holdfast.workflow.WorkflowMessaging;
import io.holdfast.workflow.running.app.AnswerStart;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** What other services ask of this one. */
@ApplicationScoped
public class CommandsListener {

    private final MessageHandler commands;

    CommandsListener(MessageHandlers handlers, AnswerStart answerStart) {
        this.commands = handlers.consuming(WorkflowMessaging.SERVICE, WorkflowMessaging.COMMANDS)
                .on(StartExecution.TYPE, StartExecution.class, answerStart::answer)
                .build();
    }

    @Incoming("workflow-commands")
    @Blocking
    public CompletionStage<Void> receive(Message<byte[]> message) {
        return commands.receive(message);
    }
}
