package io.holdfast.scheduler.executions.events;

import io.holdfast.contracts.events.SchedulerCommand.RecordEvents;
import io.holdfast.contracts.events.SchedulerCommand.RecordHeartbeat;
import io.holdfast.contracts.events.SchedulerCommand.RecordWorkflowOutcome;
import io.holdfast.contracts.events.SchedulerCommand.RestoreSchedules;
import io.holdfast.contracts.events.SchedulerCommand.ScheduleExecution;
import io.holdfast.messaging.MessageHandler;
import io.holdfast.messaging.MessageHandlers;
import io.holdfast.scheduler.SchedulerMessaging;
import io.holdfast.scheduler.executions.app.KeepAlive;
import io.holdfast.scheduler.executions.app.RearmAfterRestore;
import io.holdfast.scheduler.executions.app.RecordOutcome;
import io.holdfast.scheduler.journal.app.RecordSentLines;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** The queue {@code scheduler.commands}: what other services ask of this one. */
@ApplicationScoped
public class CommandsListener {

    private final MessageHandler commands;

    CommandsListener(
            MessageHandlers handlers,
            RecordOutcome outcomes,
            KeepAlive heartbeats,
            RecordSentLines lines,
            RearmAfterRestore rearm) {
        this.commands = handlers.consuming(SchedulerMessaging.SERVICE, SchedulerMessaging.COMMANDS)
                .on(RecordWorkflowOutcome.TYPE, RecordWorkflowOutcome.class, outcomes::record)
                .on(RecordHeartbeat.TYPE, RecordHeartbeat.class, heartbeats::prolong)
                .on(RecordEvents.TYPE, RecordEvents.class, lines::record)
                .on(ScheduleExecution.TYPE, ScheduleExecution.class, rearm::rearm)
                .on(RestoreSchedules.TYPE, RestoreSchedules.class, rearm::catchUp)
                .build();
    }

    @Incoming("scheduler-commands")
    @Blocking
    public CompletionStage<Void> receive(Message<byte[]> message) {
        return commands.receive(message);
    }
}
