package io.holdfast.messaging;

import io.holdfast.role.NodeRole;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Makes the handlers of all queues of this JVM and gives parked messages back to them. */
@ApplicationScoped
public class MessageHandlers {

    private static final Logger LOG = Logger.getLogger(MessageHandlers.class);

    private final Map<String, ServiceSchema> schemas = new ConcurrentHashMap<>();
    private final Map<String, MessageHandler> handlers = new ConcurrentHashMap<>();
    private final Transactions transactions;
    private final int maxBody;
    private final NodeRole role;

    @Inject
    MessageHandlers(
            @io.quarkus.arc.All List<ServiceSchema> schemas,
            Transactions transactions,
            MessagingConfig config,
            NodeRole role) {
        this.role = role;
        this.maxBody = config.maxBody().asLongValue() > Integer.MAX_VALUE
                ? Integer.MAX_VALUE
                : (int) config.maxBody().asLongValue();
        schemas.forEach(schema -> this.schemas.put(schema.name(), schema));
        this.transactions = transactions;
    }

    /**
     * @param service the consuming service's short name
     * @param consumer names the handler in inbox and parked messages; the queue's name, and never changed later
     */
    public MessageHandler.Builder consuming(String service, String consumer) {
        ServiceSchema schema = schemas.get(service);
        if (schema == null) {
            throw new IllegalStateException("no ServiceSchema bean is named " + service);
        }
        return new MessageHandler.Builder(
                consumer,
                schema,
                transactions,
                maxBody,
                role,
                handler -> handlers.put(service + "/" + consumer, handler));
    }

    /**
     * Tries every parked message of a service that is due. None while its handlers are not there yet, in the moments after a start: a
     * try would be lost on them, and after some starts the message dead.
     */
    void retryDue(ServiceSchema schema) {
        if (handlers.keySet().stream().noneMatch(name -> name.startsWith(schema.name() + "/"))) {
            return;
        }
        ParkedMessages parked = new ParkedMessages(schema.dataSource(), schema.controlSchema());
        while (retryOne(schema, parked)) {
            LOG.debugf("A parked message of %s was tried again", schema.name());
        }
    }

    private boolean retryOne(ServiceSchema schema, ParkedMessages parked) {
        ParkedMessages.@Nullable Waiting[] held = new ParkedMessages.Waiting[1];
        try {
            transactions.inNew(() -> {
                ParkedMessages.Waiting waiting = parked.lockDue();
                held[0] = waiting;
                if (waiting != null) {
                    MessageHandler handler = handlers.get(schema.name() + "/" + waiting.consumer());
                    if (handler == null) {
                        throw new IllegalStateException("nothing here consumes " + waiting.consumer());
                    }
                    handler.retry(waiting);
                }
            });
            return held[0] != null;
        } catch (UnprocessableMessage e) {
            ParkedMessages.Waiting waiting = held[0];
            if (waiting != null) {
                parked.dead(waiting, e.reason(), String.valueOf(e.getMessage()));
                LOG.errorf("Parked message %s of %s is dead: %s", waiting.id(), schema.name(), e.getMessage());
            }
            return waiting != null;
        } catch (RuntimeException e) {
            ParkedMessages.Waiting waiting = held[0];
            if (waiting == null) {
                throw e;
            }
            if (parked.failedAgain(waiting, e.toString())) {
                LOG.errorf(e, "Parked message %s of %s failed its last try and is dead", waiting.id(), schema.name());
            } else {
                LOG.warnf("Parked message %s of %s failed again: %s", waiting.id(), schema.name(), e);
            }
            return true;
        }
    }
}
