package io.holdfast.messaging;

import io.holdfast.contracts.events.ClusterEvent;
import io.holdfast.contracts.events.Event;
import io.holdfast.contracts.events.ExecutionEvent;
import io.holdfast.contracts.events.MaintenanceEvent;
import io.holdfast.contracts.events.RestoreEvent;
import io.holdfast.contracts.events.ScheduleEvent;
import io.holdfast.contracts.events.SchedulerCommand;
import io.holdfast.contracts.events.SnapshotEvent;
import io.holdfast.contracts.events.WorkflowCommand;
import io.holdfast.contracts.requests.Reply;
import io.holdfast.contracts.requests.Request;
import io.holdfast.testsupport.MessageDocument;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** All messages that the contracts have; {@link #all} between services. */
final class Messages {

    private static final List<Class<? extends Event>> FAMILIES = List.of(
            ExecutionEvent.class,
            MaintenanceEvent.class,
            ClusterEvent.class,
            RestoreEvent.class,
            ScheduleEvent.class,
            SchedulerCommand.class,
            SnapshotEvent.class,
            WorkflowCommand.class);

    private Messages() {}

    static List<Class<? extends Event>> all() {
        List<Class<? extends Event>> all = new ArrayList<>();
        for (Class<? extends Event> family : FAMILIES) {
            for (Class<?> message : family.getPermittedSubclasses()) {
                all.add(message.asSubclass(Event.class));
            }
        }
        return all;
    }

    /** What external producers send and are answered. */
    static List<Class<?>> requestsAndReplies() {
        List<Class<?>> all = new ArrayList<>(List.of(Request.class.getPermittedSubclasses()));
        all.addAll(List.of(Reply.class.getPermittedSubclasses()));
        return all;
    }

    static String type(Class<?> message) {
        try {
            return (String) message.getField("TYPE").get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(message + " has no TYPE", e);
        }
    }

    /** As in its golden file. */
    static Event sample(Class<? extends Event> message) {
        return EventJson.read(MessageDocument.golden(type(message)).getBytes(StandardCharsets.UTF_8), message);
    }
}
