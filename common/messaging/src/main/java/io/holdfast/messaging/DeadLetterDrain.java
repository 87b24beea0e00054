package io.holdfast.messaging;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes what RabbitMQ itself gave up on out of its dead-letter queue and parks it, dead, with the service whose queue it was in, so
 * that nothing hides where nobody looks. Whichever process gets such a message parks it, as the login role.
 */
final class DeadLetterDrain {

    private static final Logger LOG = Logger.getLogger(DeadLetterDrain.class);
    private static final int PREFETCH = 8;
    private static final long PAUSE_MILLIS = 1_000;

    private final KnownQueues queues;
    private final String fallbackSchema;
    private final int maxBody;
    private @Nullable Channel channel;

    /** @param fallbackSchema takes what was in a queue that no service knows any more */
    DeadLetterDrain(KnownQueues queues, String fallbackSchema, int maxBody) {
        this.queues = queues;
        this.fallbackSchema = fallbackSchema;
        this.maxBody = maxBody;
    }

    /** Subscribes anew where that is necessary. The embedded broker has no such queue. */
    synchronized void keepOpen(Broker broker) throws IOException, TimeoutException {
        Channel current = channel;
        if (current != null && current.isOpen() || !broker.isRabbit()) {
            return;
        }
        Channel fresh = broker.openChannel();
        fresh.basicQos(PREFETCH);
        // Where the queue was deleted, the next look finds the channel closed, and no queue.
        fresh.basicConsume(
                Topology.DEAD_LETTERS, false, (tag, delivery) -> take(fresh, delivery), tag -> fresh.abort());
        channel = fresh;
    }

    /** Held until it is stored: handed back, it would count as delivered once more, and this queue has a limit of its own. */
    private void take(Channel from, Delivery delivery) throws IOException {
        while (from.isOpen()) {
            try {
                park(delivery);
                from.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
                return;
            } catch (IOException | SQLException | RuntimeException e) {
                LOG.warnf("A dead letter of the broker cannot be parked yet: %s", e.getMessage());
                pause();
            }
        }
    }

    private void park(Delivery delivery) throws IOException, SQLException {
        Map<String, Object> headers = delivery.getProperties().getHeaders();
        String queue = headers == null ? "unknown" : String.valueOf(headers.get("x-first-death-queue"));
        String why = headers == null ? "unknown" : String.valueOf(headers.get("x-first-death-reason"));
        String schema = queues.schemas().getOrDefault(queue, fallbackSchema);
        byte[] body = delivery.getBody();
        Delivered message = new Delivered(delivery, body);
        ParkedMessages parked = new ParkedMessages(queues.connections(), schema);
        if (body.length > maxBody) {
            parked.parkTooLarge(queue, message.asDelivery(), maxBody);
        } else {
            parked.parkDead(
                    queue,
                    message.asDelivery(),
                    "GIVEN_UP_BY_BROKER",
                    "the broker gave it up in queue " + queue + ": " + why
                            + "; its consumers died of it or never answered");
        }
        MessageMetrics.parked(queue, "dead");
        LOG.errorf(
                "%s %s in queue %s was given up by the broker (%s) and is a dead letter now",
                message.type(), message.id(), queue, why);
    }

    private record Delivered(Delivery delivery, byte[] body) {

        @Nullable
        String type() {
            return MessageHandler.storable(delivery.getProperties().getType());
        }

        @Nullable
        String id() {
            return delivery.getProperties().getMessageId();
        }

        io.holdfast.messaging.Delivery asDelivery() {
            return new io.holdfast.messaging.Delivery(
                    MessageHandler.messageId(id(), body),
                    type(),
                    MessageHandler.storable(delivery.getProperties().getCorrelationId()),
                    body);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a dead letter waits", e);
        }
    }
}
