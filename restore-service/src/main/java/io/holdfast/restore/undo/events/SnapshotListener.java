package io.holdfast.restore.undo.events;

import io.holdfast.contracts.events.SnapshotEvent;
import io.holdfast.messaging.MessageHandler;
import io.holdfast.messaging.MessageHandlers;
import io.holdfast.restore.undo.app.DiscardFormerState;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** The queue {@code restore.events}. */
@ApplicationScoped
public class SnapshotListener {

    private final MessageHandler facts;

    SnapshotListener(MessageHandlers handlers, DiscardFormerState discard) {
        this.facts = handlers.consuming("restore", "restore.events")
                .on(
                        SnapshotEvent.Created.TYPE,
                        SnapshotEvent.Created.class,
                        created -> discard.snapshotCreated(created.createdAt()))
                .ignoringOthers()
                .build();
    }

    @Incoming("restore-events")
    @Blocking
    public CompletionStage<Void> receive(Message<byte[]> message) {
        return facts.receive(message);
    }
}
