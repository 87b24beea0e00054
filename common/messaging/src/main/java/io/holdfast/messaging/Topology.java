package io.holdfast.messaging;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.holdfast.contracts.events.Event;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Declares exchanges, queues and bindings; the only place with broker-specific arguments. Declaring again what is there changes
 * nothing, so every new connection does it: a broker that lost everything is rebuilt.
 */
final class Topology {

    /** Where RabbitMQ puts what was delivered too often; nothing should ever be there. */
    static final String DEAD_LETTERS = "holdfast.dead-letters";

    /**
     * Deliveries of one message before RabbitMQ gives up on it. High, because a handler whose database is away hands it back every
     * few seconds, and that must survive a long weekend; finite, because a message that kills its consumer must not do so for ever.
     */
    private static final int DELIVERY_LIMIT = 100_000;

    private final List<QueueBinding> queues;

    Topology(List<QueueBinding> queues) {
        this.queues = List.copyOf(queues);
    }

    void declare(Connection connection) throws IOException, TimeoutException {
        boolean rabbit = isRabbit(connection);
        try (Channel channel = connection.createChannel()) {
            channel.exchangeDeclare(Event.COMMANDS, BuiltinExchangeType.TOPIC, true);
            channel.exchangeDeclare(Event.EVENTS, BuiltinExchangeType.TOPIC, true);
            channel.exchangeDeclare(Event.REQUESTS, BuiltinExchangeType.TOPIC, true);
            if (rabbit) {
                channel.exchangeDeclare(DEAD_LETTERS, BuiltinExchangeType.FANOUT, true);
                channel.queueDeclare(DEAD_LETTERS, true, false, false, Map.of("x-queue-type", "quorum"));
                channel.queueBind(DEAD_LETTERS, DEAD_LETTERS, "");
            }
            for (QueueBinding queue : queues) {
                channel.queueDeclare(queue.queue(), true, false, false, rabbit ? quorum(queue) : Map.of());
                for (String key : queue.routingKeys()) {
                    channel.queueBind(queue.queue(), queue.exchange(), key);
                }
            }
        }
    }

    /** RabbitMQ says so; the embedded broker closes a connection that declares a queue with arguments it does not know. */
    static boolean isRabbit(Connection connection) {
        return "RabbitMQ".equals(product(connection));
    }

    static String product(Connection connection) {
        return String.valueOf(connection.getServerProperties().get("product"));
    }

    private static Map<String, Object> quorum(QueueBinding queue) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("x-queue-type", "quorum");
        arguments.put("x-delivery-limit", DELIVERY_LIMIT);
        arguments.put("x-overflow", "reject-publish");
        if (!queue.isForRequests()) {
            // Of what comes from outside, whatever its sender lets expire would come together there without end.
            arguments.put("x-dead-letter-exchange", DEAD_LETTERS);
            arguments.put("x-dead-letter-strategy", "at-least-once");
        }
        return arguments;
    }
}
