package io.holdfast.workflow.running.events;

import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import io.holdfast.messaging.MessageHandler;
import io.holdfast.messaging.MessageHandlers;
import io.holdfast.workflow.WorkflowMessaging;
import io.holdfast.workflow.running.app.TakeCommands;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** What other services ask of this one. */
@ApplicationScoped
public class CommandsListener {

    private final MessageHandler commands;

    CommandsListener(MessageHandlers handlers, TakeCommands take) {
        this.commands = handlers.consuming(WorkflowMessaging.SERVICE, WorkflowMessaging.COMMANDS)
                .on(StartExecution.TYPE, StartExecution.class, take::start)
                .on(StopExecution.TYPE, StopExecution.class, take::stop)
                .build();
    }

    /** Several at once, in no order: executions have nothing to do with each other, and of one the fence knows what comes first. */
    @Incoming("workflow-commands")
    @Blocking(value = "workflow-commands", ordered = false)
    public CompletionStage<Void> receive(Message<byte[]> message) {
        return commands.receive(message);
    }
}
